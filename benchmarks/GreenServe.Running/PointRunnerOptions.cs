using GreenServe.Records.Systems;
using GreenServe.Records.Tables;
using GreenServe.Running.Machine;
using GreenServe.Serving.OpenAi;
using GreenServe.Serving.Servers;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Running;

/// <summary>Which backend runs the points, and what the backend needs.</summary>
public sealed record PointRunnerOptions
{
    /// <summary>The kind of backend that serves the requests.</summary>
    public required BackendKind Backend { get; init; }

    /// <summary>
    /// The points that will run, as far as they are known. The built-in engine reserves room for the longest request among them.
    /// </summary>
    /// <value>Default: none.</value>
    public IReadOnlyList<OperatingPoint> Points { get; init; } = [];

    /// <summary>How to send requests to a server.</summary>
    /// <value>Default: <c>null</c>. A running server needs it. For a server that is started, its endpoint is ignored.</value>
    public OpenAiOptions? Connection { get; init; }

    /// <summary>Definition of a server to start.</summary>
    /// <value>Default: <c>null</c>, which means that the server at <see cref="Connection"/> is running already.</value>
    public ServerDefinition? Server { get; init; }

    /// <summary>
    /// Log file of a server that all points share. The server is started once for all points with the same model and knobs.
    /// </summary>
    /// <value>
    /// Default: <c>null</c>, which means a server of its own for each point. The server's log goes into the point's record.
    /// </value>
    public string? SharedServerLog { get; init; }

    /// <summary>New file for the trace of simulated steps, as Chrome trace events, which Perfetto opens.</summary>
    /// <value>Default: <c>null</c>, which means no trace.</value>
    public string? TraceEventsFile { get; init; }

    /// <summary>Whether the tables of the records are CSV or Parquet.</summary>
    /// <value>Default: <see cref="TableFormat.Auto"/>.</value>
    public TableFormat Tables { get; init; } = TableFormat.Auto;

    /// <summary>Whether each step of a simulated engine is a row of its own. Otherwise a row stands for a stretch of equal steps.</summary>
    /// <value>Default: <c>false</c>.</value>
    public bool KeepsEachStep { get; init; }

    /// <summary>What measured points share: meters, load options, progress and clock.</summary>
    public MeasurementContext Measurement { get; init; } = new();

    /// <summary>Receives what the built-in engine prints.</summary>
    /// <value>By default it is discarded.</value>
    public TextWriter EngineOutput { get; init; } = TextWriter.Null;
}
