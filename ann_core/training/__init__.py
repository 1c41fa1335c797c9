"""From a spec to a trained run: records, the compiled loop, and the engine that runs it elsewhere."""
