namespace GreenServe.Simulation.Control;

/// <summary>
/// A controller of a simulated cluster. It observes the cluster and the requests, and it turns knobs while traffic changes. An object
/// serves one run.
/// </summary>
/// <remarks>
/// A policy sees nothing of the future. Output lengths reach it through <see cref="Predictor"/> until a request is completed. A policy
/// that decides nothing leaves the run as it is without a policy, to the last byte.
/// </remarks>
public interface IClusterPolicy
{
    /// <summary>
    /// Periods of the policy's control loops, in seconds, from 0.01 to 86400. Loop number i ticks at every multiple of the period number
    /// i. Loops that tick at the same moment do so in the order of their numbers.
    /// </summary>
    /// <value>Default: no loop.</value>
    IReadOnlyList<double> PeriodsSeconds => [];

    /// <summary>What the policy knows of output lengths when a request arrives.</summary>
    /// <value>Default: the class of each output is predicted without error.</value>
    OutputPredictor Predictor => OutputPredictor.Exact;

    /// <summary>
    /// Whether the policy reads the schedule of the run before it begins. Such a policy is a bound for others and no controller: its
    /// results are labelled as those of an oracle.
    /// </summary>
    /// <value>Default <c>false</c>.</value>
    bool KnowsFuture => false;

    /// <summary>Sets the cluster up at the beginning of the run. Actions take effect at once and cost nothing.</summary>
    /// <param name="cluster">The cluster at time 0.</param>
    /// <param name="actions">Receives the decisions.</param>
    void Begin(IClusterView cluster, IClusterActions actions)
    {
    }

    /// <summary>Decides in one of the control loops.</summary>
    /// <param name="loop">Number of the loop, from 0: the index of its period in <see cref="PeriodsSeconds"/>.</param>
    /// <param name="cluster">The cluster now.</param>
    /// <param name="actions">Receives the decisions.</param>
    void Tick(int loop, IClusterView cluster, IClusterActions actions)
    {
    }

    /// <summary>
    /// Decides where a request goes: when it arrives, when it has its first token and is to be decoded elsewhere, and when it is still held
    /// and the cluster has changed.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="cluster">The cluster now.</param>
    /// <param name="actions">Receives decisions that the request prompts.</param>
    /// <returns>Default: the router of the cluster decides.</returns>
    RouteDecision Route(in RequestView request, IClusterView cluster, IClusterActions actions) => RouteDecision.ByRouter;

    /// <summary>Learns of a first token or of a completed request, and may decide. It is called after the event.</summary>
    /// <param name="happened">What happened.</param>
    /// <param name="cluster">The cluster now.</param>
    /// <param name="actions">Receives the decisions.</param>
    void Observe(in RequestEvent happened, IClusterView cluster, IClusterActions actions)
    {
    }
}
