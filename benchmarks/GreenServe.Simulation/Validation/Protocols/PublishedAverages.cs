namespace GreenServe.Simulation.Validation.Protocols;

/// <summary>The average that a source publishes as its time between tokens.</summary>
public enum TokenGapAverage
{
    /// <summary>Mean over the requests of the mean time between their tokens.</summary>
    MeanOfRequests,

    /// <summary>Mean of all gaps between two tokens.</summary>
    MeanOfGaps,

    /// <summary>Median of all gaps between two tokens.</summary>
    MedianOfGaps,

    /// <summary>Mean over the steps that give tokens, whatever the number of their sequences.</summary>
    MeanOfSteps,
}

/// <summary>The part of a run that a source counts throughput, power and energy in.</summary>
public enum PublishedWindow
{
    /// <summary>From the moment when every user has completed one request to the last request sent.</summary>
    Steady,

    /// <summary>From the first request to the end of the last.</summary>
    WholeRun,

    /// <summary>From the first request to the moment when the last waiting request is admitted.</summary>
    UntilQueueIsEmpty,
}
