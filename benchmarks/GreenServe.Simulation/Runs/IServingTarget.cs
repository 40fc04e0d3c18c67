namespace GreenServe.Simulation.Runs;

/// <summary>What a load is sent to in virtual time: one instance, or a cluster of them.</summary>
internal interface IServingTarget
{
    /// <summary>The time reached (s).</summary>
    double Now { get; }

    /// <summary>When the next thing happens by itself (s); infinite when nothing will.</summary>
    double EndsAt { get; }

    /// <summary>Requests that wait.</summary>
    int WaitingCount { get; }

    /// <summary>Takes a request that arrived at a time not after <see cref="EndsAt"/>.</summary>
    void Enqueue(SimulatedRequest request, double seconds);

    /// <summary>Goes to <see cref="EndsAt"/>.</summary>
    /// <returns>The requests that got their last token; reused by the next call.</returns>
    IReadOnlyList<SimulatedRequest> Advance();

    /// <summary>Brings everything under way to its first end that is not before a time (s).</summary>
    void RunOut(double seconds);
}
