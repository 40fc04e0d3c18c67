using GreenServe.Analysis.Metrics;

namespace GreenServe.Search.Advising.Capacities;

/// <summary>Counts the simulations of a plan, and says when nothing more may be begun.</summary>
/// <param name="options">The limits.</param>
/// <param name="cancellationToken">Stops the plan.</param>
internal sealed class WorkAccount(CapacityOptions options, CancellationToken cancellationToken)
{
    private readonly long began = TimeProvider.System.GetTimestamp();

    /// <summary>Simulations so far.</summary>
    internal long Simulations { get; private set; }

    /// <summary>Requests of all simulations so far.</summary>
    internal long Requests { get; private set; }

    /// <summary>Why nothing more may be begun, in words; <c>null</c> while there is no such reason.</summary>
    /// <param name="share">Share of all requests that may be simulated until the end of a part of the plan, in (0, 1].</param>
    internal string? Spent(double share) =>
        Requests >= share * options.MaxSimulatedRequests ? FormattableString.Invariant($"{Requests:N0} requests had been simulated")
        : TimeProvider.System.GetElapsedTime(began) >= options.MaxTime ? FormattableString.Invariant(
            $"{options.MaxTime.Value.TotalSeconds:0.#} s had passed, so that the plan depends on the speed of this machine")
        : null;

    /// <summary>Counts a simulation.</summary>
    internal void Add(RunMetrics metrics)
    {
        Simulations++;
        Requests += metrics.Counts.Total;
    }

    /// <summary>Says what is being looked at.</summary>
    internal void Show(string words) => options.Progress?.Invoke(words);

    /// <summary>Throws if the plan was cancelled.</summary>
    /// <exception cref="OperationCanceledException">It was.</exception>
    internal void ThrowIfCancelled() => cancellationToken.ThrowIfCancellationRequested();
}
