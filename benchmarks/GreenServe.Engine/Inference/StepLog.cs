using GreenServe.Records.Measurements;

namespace GreenServe.Engine.Inference;

/// <summary>Receives each step of an engine when it is done, from the engine's own thread.</summary>
/// <param name="step">The step; its start is a reading of the engine's clock in seconds.</param>
public delegate void StepLog(EngineStep step);
