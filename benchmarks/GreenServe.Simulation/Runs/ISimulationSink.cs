using GreenServe.Records.Runs;

namespace GreenServe.Simulation.Runs;

/// <summary>Takes what a simulation produces, in the order of virtual time of each replica.</summary>
public interface ISimulationSink
{
    /// <summary>Steps that were done, or a stretch without work. Together they cover the run of each replica without gaps.</summary>
    void Add(in StepStretch stretch);

    /// <summary>A request that ended, or that had not when the run did.</summary>
    void Add(in RequestOutcome outcome);

    /// <summary>Once at the end: token gaps of the completed requests of a class, warm-up left out.</summary>
    void AddTokenGaps(string requestClass, LatencyHistogram gaps);
}
