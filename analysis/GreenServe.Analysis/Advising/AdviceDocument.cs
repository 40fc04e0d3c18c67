using System.Text.Json.Nodes;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Runs;
using GreenServe.Records.Slos;

namespace GreenServe.Analysis.Advising;

/// <summary>
/// An advice: the setting that meets the SLO for the least of the objective, how sure that is, and what was looked at. The file
/// <c>advice.json</c> holds it.
/// </summary>
public sealed record AdviceDocument
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "advice.json";

    /// <summary>Name of this format. A change that breaks readers gets another one.</summary>
    public const string CurrentFormat = "greenserve-advice-1";

    /// <summary>Name of the format.</summary>
    public string Format { get; init; } = CurrentFormat;

    /// <summary>Version of the suite.</summary>
    public string SuiteVersion { get; init; } = RunEnvironment.Version;

    /// <summary>Name of the workload.</summary>
    public required string WorkloadName { get; init; }

    /// <summary>The workload that every run of the search served, as canonical JSON.</summary>
    public required JsonNode Workload { get; init; }

    /// <summary>What was done to the workload that was given, each in a sentence, for example that it was made longer.</summary>
    public IReadOnlyList<string> WorkloadChanges { get; init; } = [];

    /// <summary>The SLO; <c>null</c> for none.</summary>
    public SloProfile? Slo { get; init; }

    /// <summary>What is to be least.</summary>
    public required AdviceObjective Objective { get; init; }

    /// <summary>Currency of costs; <c>null</c> where no price was stated.</summary>
    public string? Currency { get; init; }

    /// <summary>Source and date of the carbon intensity and the price of electricity; <c>null</c> where no grid was stated.</summary>
    public string? Grid { get; init; }

    /// <summary>The largest number of accelerators that a setting may use.</summary>
    public required int GpuLimit { get; init; }

    /// <summary>What was searched, and how.</summary>
    public required AdviceSearch Search { get; init; }

    /// <summary>
    /// The finalists, the recommended one first and the others by rising objective. Each has at least 1,000 requests behind it, unless
    /// <see cref="Warnings"/> says otherwise. Empty where nothing meets the SLO.
    /// </summary>
    public required IReadOnlyList<AdvisedSetting> Finalists { get; init; }

    /// <summary>
    /// The setting of least objective that meets the SLO even at the far end of the error bands; <c>null</c> if none does.
    /// </summary>
    public AdvisedSetting? Cautious { get; init; }

    /// <summary>The setting that comes nearest to the SLO, where none meets it; <c>null</c> otherwise.</summary>
    public AdvisedSetting? Nearest { get; init; }

    /// <summary>The default: as many accelerators as are allowed, the highest clock and power cap, and the engine's own limits.</summary>
    public AdvisedSetting? Default { get; init; }

    /// <summary>
    /// The default with as many accelerators as the recommended setting uses; <c>null</c> where that is <see cref="Default"/>.
    /// </summary>
    public AdvisedSetting? DefaultOfEqualSize { get; init; }

    /// <summary>Every setting that was simulated with the finalists' requests, or with fewer, for the Pareto front.</summary>
    public IReadOnlyList<AdvisedSetting> Tried { get; init; } = [];

    /// <summary>
    /// What the objective does as one knob at a time moves away from the recommended setting, the most important knob first.
    /// </summary>
    public IReadOnlyList<KnobSensitivity> Sensitivities { get; init; } = [];

    /// <summary>What a looser limit would buy.</summary>
    public IReadOnlyList<LimitRelaxation> Relaxations { get; init; } = [];

    /// <summary>Knobs whose recommended value lies on the edge of what was tried.</summary>
    public IReadOnlyList<GridEdge> Edges { get; init; } = [];

    /// <summary>
    /// Settings that were measured, from the records that the user named. Their numbers are never mixed with simulated ones.
    /// </summary>
    public IReadOnlyList<AdvisedSetting> Measured { get; init; } = [];

    /// <summary>What the accelerators carry, and what fewer would; <c>null</c> where it was not asked for.</summary>
    public AdviceCapacity? Capacity { get; init; }

    /// <summary>What to copy: flags, lines and files that set the recommended setting.</summary>
    public IReadOnlyList<DeploymentSnippet> Commands { get; init; } = [];

    /// <summary>What the real server said; <c>null</c> where it was not asked.</summary>
    public AdviceVerification? Verification { get; init; }

    /// <summary>
    /// What the probabilities of being the least include, in a sentence; <c>null</c> where none was worked out.
    /// </summary>
    public string? ProbabilityNote { get; init; }

    /// <summary>
    /// What must be known of the records that the user named, each in a sentence, for example how many were not used and why.
    /// </summary>
    public IReadOnlyList<string> RecordNotes { get; init; } = [];

    /// <summary>The advice in sentences, the most important one first.</summary>
    public IReadOnlyList<string> Sentences { get; init; } = [];

    /// <summary>What a reader must know before acting, each in a sentence.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Writes the document into a file, which is replaced as a whole.</summary>
    /// <exception cref="InvalidInputException">The file cannot be written.</exception>
    /// <exception cref="UnavailableException">The disk is full or read-only.</exception>
    public void Write(string path) => OutputFile.Replace(path, DocumentContract.Readable(this));

    /// <summary>Reads a document.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidInputException">The file does not exist, or holds something else.</exception>
    public static AdviceDocument Read(string path) =>
        DocumentTree.ParseJson(InputFile.ReadText(path), path).BindWritten<AdviceDocument>();
}

/// <summary>What an advice makes least.</summary>
public enum AdviceObjective
{
    /// <summary>Energy of an output token (J).</summary>
    Joules,

    /// <summary>Cost of a million output tokens: accelerators and electricity.</summary>
    Cost,

    /// <summary>Carbon of a million output tokens (gCO2e).</summary>
    Carbon,

    /// <summary>Mean power of the accelerators that are used (W).</summary>
    Power,
}

/// <summary>What was searched, and how.</summary>
public sealed record AdviceSearch
{
    /// <summary>The axes of the grid with their values in words, in the order of the grid.</summary>
    public required IReadOnlyList<SearchedAxis> Axes { get; init; }

    /// <summary>Settings of the grid.</summary>
    public required long Settings { get; init; }

    /// <summary>Settings of the grid that can exist: accelerators and memory are enough, and the device knows the knobs.</summary>
    public required long Possible { get; init; }

    /// <summary>Settings that were simulated at least once.</summary>
    public required long Simulated { get; init; }

    /// <summary>Simulations, whatever their length.</summary>
    public required long Simulations { get; init; }

    /// <summary>Requests of all simulations together.</summary>
    public required long SimulatedRequests { get; init; }

    /// <summary>Time of the search (s).</summary>
    public required double Seconds { get; init; }

    /// <summary>Whether every possible setting was simulated.</summary>
    public required bool IsExact { get; init; }

    /// <summary>Reasons for which settings cannot exist, each with the number of settings.</summary>
    public IReadOnlyList<RefusedSettings> Refused { get; init; } = [];
}

/// <summary>An axis of the grid.</summary>
/// <param name="Name">Name of the knob, for example <c>gpu_clock_megahertz</c>.</param>
/// <param name="Values">Its values in words, in rising order.</param>
public sealed record SearchedAxis(string Name, IReadOnlyList<string> Values);

/// <summary>Settings that cannot exist for one reason.</summary>
/// <param name="Reason">The reason in words.</param>
/// <param name="Settings">Number of settings.</param>
public sealed record RefusedSettings(string Reason, long Settings);

/// <summary>What the objective does as one knob moves away from the recommended setting.</summary>
/// <param name="Axis">Name of the knob.</param>
/// <param name="Values">Each value that was tried, in rising order, the recommended one among them.</param>
public sealed record KnobSensitivity(string Axis, IReadOnlyList<KnobEffect> Values)
{
    /// <summary>
    /// Largest rise of the objective by this knob alone, as a share of the recommended setting's, over values that meet the SLO.
    /// </summary>
    public double SpanRatio => Values.Where(value => value.IsFeasible).Select(value => value.ChangeRatio ?? 0).DefaultIfEmpty().Max();
}

/// <summary>The recommended setting with one knob changed.</summary>
/// <param name="Value">The value in words.</param>
/// <param name="ChangeRatio">Change of the objective as a share of the recommended setting's; <c>null</c> where it is not known.</param>
/// <param name="IsFeasible">Whether the setting meets the SLO.</param>
/// <param name="IsRecommended">Whether this is the recommended value.</param>
/// <param name="WorstRatio">Largest latency over its limit; <c>null</c> without an SLO.</param>
public sealed record KnobEffect(string Value, double? ChangeRatio, bool IsFeasible, bool IsRecommended, double? WorstRatio);

/// <summary>What a looser limit would buy.</summary>
/// <param name="Metric">The latency that is limited.</param>
/// <param name="Percentile">The percentile of the limit.</param>
/// <param name="Classes">Names of the request classes that the limit applies to; <c>null</c> for all.</param>
/// <param name="AddedSeconds">What is added to the limit (s); <c>null</c> for a multiple of the isolated latency.</param>
/// <param name="Factor">The new limit over the old one, above 1.</param>
/// <param name="SavingRatio">Share of the objective that the looser limit saves.</param>
/// <param name="Setting">The setting that the looser limit makes possible, in words.</param>
public sealed record LimitRelaxation(
    SloMetric Metric,
    double Percentile,
    IReadOnlyList<string>? Classes,
    double? AddedSeconds,
    double Factor,
    double SavingRatio,
    string Setting);

/// <summary>A knob whose recommended value lies on the edge of what was tried.</summary>
/// <param name="Axis">Name of the knob.</param>
/// <param name="Value">The value in words.</param>
/// <param name="IsHighest">Whether it is the highest value tried; otherwise it is the lowest.</param>
/// <param name="IsLimit">Whether the device, the engine or the user allows no value beyond it.</param>
public sealed record GridEdge(string Axis, string Value, bool IsHighest, bool IsLimit);
