namespace GreenServe.Simulation.Validation;

/// <summary>Arrangements of requests in published measurements.</summary>
internal enum PointLoadKind
{
    /// <summary>A number of like requests sent together, once.</summary>
    Batch,

    /// <summary>A number of sequences kept running, with lengths that vary; counted while the batch is full.</summary>
    SteadyBatch,

    /// <summary>A fixed number of requests with lengths that vary, all sent at once to an engine that runs so many; counted from first to last.</summary>
    WholeRun,

    /// <summary>A number of users, each with one like request after another.</summary>
    ClosedLoop,

    /// <summary>As many like requests at once as the engine holds, and more waiting.</summary>
    Saturated,
}
