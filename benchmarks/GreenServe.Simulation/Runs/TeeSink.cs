using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;
using GreenServe.Simulation.Control;

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

    /// <inheritdoc />
    public void Add(ControlAction action)
    {
        foreach (ISimulationSink sink in sinks)
        {
            sink.Add(action);
        }
    }

    /// <inheritdoc />
    public void Add(ClusterSample sample)
    {
        foreach (ISimulationSink sink in sinks)
        {
            sink.Add(sample);
        }
    }
}
