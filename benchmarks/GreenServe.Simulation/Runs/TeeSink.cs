using GreenServe.Records.Runs;

namespace GreenServe.Simulation.Runs;

/// <summary>Passes everything that a simulation produces on to several sinks.</summary>
/// <param name="sinks">The sinks, in the order in which they receive each result.</param>
public sealed class TeeSink(params IReadOnlyList<ISimulationSink> sinks) : ISimulationSink
{
    /// <inheritdoc />
    public void Add(in StepStretch stretch)
    {
        foreach (ISimulationSink sink in sinks)
        {
            sink.Add(stretch);
        }
    }

    /// <inheritdoc />
    public void Add(in RequestOutcome outcome)
    {
        foreach (ISimulationSink sink in sinks)
        {
            sink.Add(outcome);
        }
    }

    /// <inheritdoc />
    public void AddTokenGaps(string requestClass, LatencyHistogram gaps)
    {
        foreach (ISimulationSink sink in sinks)
        {
            sink.AddTokenGaps(requestClass, gaps);
        }
    }
}
