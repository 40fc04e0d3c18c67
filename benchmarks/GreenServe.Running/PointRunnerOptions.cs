using GreenServe.Records.Systems;
using GreenServe.Running.Machine;
using GreenServe.Serving.OpenAi;
using GreenServe.Serving.Servers;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Running;

/// <summary>Which backend runs the points, and what it needs.</summary>
public sealed record PointRunnerOptions
{
    /// <summary>What serves.</summary>
    public required BackendKind Backend { get; init; }

    /// <summary>
    /// The points that will run, as far as they are known. The built-in engine reserves room for the longest request among them.
    /// </summary>
    /// <value>Default: none.</value>
    public IReadOnlyList<OperatingPoint> Points { get; init; } = [];

    /// <summary>How to speak to a server.</summary>
    /// <value>Default: <c>null</c>. Needed to reach a server that is running; for one that is started its endpoint is ignored.</value>
    public OpenAiOptions? Connection { get; init; }

    /// <summary>A server to start.</summary>
    /// <value>Default: <c>null</c>, which means that the server at <see cref="Connection"/> is running already.</value>
    public ServerDefinition? Server { get; init; }

    /// <summary>
    /// The log file of a server that all points share. The server is started once for points with the same model and knobs.
    /// </summary>
    /// <value>Default: <c>null</c>, which means a server of its own for each point; its log goes into the point's record.</value>
    public string? SharedServerLog { get; init; }

    /// <summary>File of a simulated cluster (<c>*.cluster.yaml</c>).</summary>
    /// <value>Default: <c>null</c>, which means one simulated instance.</value>
    public string? ClusterFile { get; init; }

    /// <summary>A new file for the trace of simulated steps (Chrome trace events; Perfetto opens it).</summary>
    /// <value>Default: <c>null</c>, which means no trace.</value>
    public string? TraceEventsFile { get; init; }

    /// <summary>What measured points share: meters, load options, progress and clock.</summary>
    public MeasurementContext Measurement { get; init; } = new();

    /// <summary>Receives what the built-in engine prints.</summary>
    /// <value>Default: nobody.</value>
    public TextWriter EngineOutput { get; init; } = TextWriter.Null;
}
