using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;
using GreenServe.Simulation.Control;

namespace GreenServe.Simulation.Runs;

/// <summary>Receives the results of a simulation. Those of each replica come in the order of virtual time.</summary>
public interface ISimulationSink
{
    /// <summary>Receives completed steps or an idle stretch. Together the stretches of a replica cover its run without gaps.</summary>
    void Add(in StepStretch stretch);

    /// <summary>Receives a request that was completed, or that was unfinished when the run ended.</summary>
    void Add(in RequestOutcome outcome);

    /// <summary>Receives the token gaps of one request class. It is called once for each class at the end of the run.</summary>
    /// <param name="requestClass">Name of the class, SS to LL.</param>
    /// <param name="gaps">Gaps between tokens of its completed requests, without those scheduled in the warm-up.</param>
    void AddTokenGaps(string requestClass, LatencyHistogram gaps);

    /// <summary>
    /// Receives a decision of the policy of a cluster, in the order in which they were made, once it is known when it took effect.
    /// </summary>
    void Add(ControlAction action)
    {
    }

    /// <summary>Receives the state of a cluster over an interval. Those of each scope come in the order of virtual time.</summary>
    void Add(ClusterSample sample)
    {
    }
}
