namespace GreenServe.Simulation.Runs;

/// <summary>One instance or a cluster of instances that serves a load in virtual time.</summary>
internal interface IServingTarget
{
    /// <summary>The time that the simulation has reached, in seconds from the start of the run.</summary>
    double NowSeconds { get; }

    /// <summary>Time of the next event that does not depend on new requests, in seconds. Infinite when there is none.</summary>
    double EndsAtSeconds { get; }

    /// <summary>Number of requests that wait.</summary>
    int WaitingCount { get; }

    /// <summary>Accepts a request at a time.</summary>
    /// <param name="request">The request.</param>
    /// <param name="seconds">Time of its arrival, in seconds; at most <see cref="EndsAtSeconds"/>.</param>
    void Enqueue(SimulatedRequest request, double seconds);

    /// <summary>Advances the simulation to <see cref="EndsAtSeconds"/>.</summary>
    /// <returns>The requests that got their last token. The next call reuses the list.</returns>
    IReadOnlyList<SimulatedRequest> Advance();

    /// <summary>
    /// Ends the run: advances all work in progress to the end of the first step that ends at or after a time, and waits until then for
    /// requests that nothing serves.
    /// </summary>
    /// <param name="seconds">The time, in seconds from the start of the run; infinite for a run without a limit.</param>
    void RunOut(double seconds);
}
