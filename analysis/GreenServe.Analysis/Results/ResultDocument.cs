using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Runs;

namespace GreenServe.Analysis.Results;

/// <summary>The result of a command that runs points, for other programs. Its schema is <c>docs/reference/result.schema.json</c>.</summary>
public sealed record ResultDocument
{
    /// <summary>Name of this format. A change that breaks readers gets another one.</summary>
    public const string CurrentFormat = "greenserve-result-1";

    /// <summary>Name of the format.</summary>
    public string Format { get; init; } = CurrentFormat;

    /// <summary>The command, for example <c>bench</c>.</summary>
    public required string Command { get; init; }

    /// <summary>Version of the suite.</summary>
    public string SuiteVersion { get; init; } = RunEnvironment.Version;

    /// <summary>Exit code of the command.</summary>
    public required int ExitCode { get; init; }

    /// <summary>Whether the user stopped the command before its end.</summary>
    public bool IsInterrupted { get; init; }

    /// <summary>Why points that would have told more were not run; <c>null</c> if all were run.</summary>
    public string? StoppedBy { get; init; }

    /// <summary>The points that were run, in the order of the command.</summary>
    public required IReadOnlyList<ResultPoint> Points { get; init; }

    /// <summary>The points that could not be run, each with the reason.</summary>
    public IReadOnlyList<string> NotRun { get; init; } = [];

    /// <summary>What a search over loads found; <c>null</c> for a command that does not search.</summary>
    public ResultSearch? Search { get; init; }

    /// <summary>Writes the document into a file, which is replaced as a whole.</summary>
    /// <exception cref="InvalidInputException">The file cannot be written.</exception>
    /// <exception cref="UnavailableException">The disk is full or read-only.</exception>
    public void Write(string path) => OutputFile.Replace(path, DocumentContract.Readable(this));
}

/// <summary>What a search over loads found. Loads are in <see cref="Unit"/>.</summary>
public sealed record ResultSearch
{
    /// <summary>Unit of the loads: <c>requests/s</c> or <c>users</c>.</summary>
    public required string Unit { get; init; }

    /// <summary>The highest load that met the SLO, or that the server followed where there is no SLO; <c>null</c> if none did.</summary>
    public double? Highest { get; init; }

    /// <summary>The lowest load above <see cref="Highest"/> that did not; <c>null</c> if there is none.</summary>
    public double? LowestFailing { get; init; }

    /// <summary>Lower end of the 95 % interval of the probability that a run at <see cref="Highest"/> passes, in [0, 1].</summary>
    /// <value><c>null</c> for a search that does not repeat its runs.</value>
    public double? LowPassProbability { get; init; }

    /// <summary>Upper end of the 95 % interval of the probability that a run at <see cref="Highest"/> passes, in [0, 1].</summary>
    /// <value><c>null</c> for a search that does not repeat its runs.</value>
    public double? HighPassProbability { get; init; }

    /// <summary>The highest load up to which every run met the SLO.</summary>
    /// <value><c>null</c> if there is none, and for a search that does not repeat its runs.</value>
    public double? EveryRunMeets { get; init; }

    /// <summary>The lowest load from which on every run missed the SLO.</summary>
    /// <value><c>null</c> if there is none, and for a search that does not repeat its runs.</value>
    public double? EveryRunMisses { get; init; }

    /// <summary>What decided that <see cref="LowestFailing"/> fails, in a sentence or two.</summary>
    /// <value><c>null</c> if no load failed, and for a search without an SLO.</value>
    public string? Decision { get; init; }

    /// <summary>Requests after the warm-up behind the latency that decided.</summary>
    /// <value><c>null</c> where no latency was held against a limit.</value>
    public int? RequestsBehindDecision { get; init; }

    /// <summary>Name of the point with the fewest joules per output token within the SLO; <c>null</c> if there is none.</summary>
    public string? BestPoint { get; init; }

    /// <summary>Name of the point at the knee of the curve; <c>null</c> if it is not known.</summary>
    public string? KneePoint { get; init; }
}
