using GreenServe.Analysis.Answers;
using GreenServe.Analysis.Artifacts;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Statistics;
using GreenServe.Analysis.Tables;
using MathNet.Numerics.Distributions;

namespace GreenServe.Analysis.Reports.Interactive;

/// <summary>The questions of a report as its script reads them, which recomputes each answer for the limits of a reader.</summary>
/// <param name="Facets">What a reader chooses a question by. Each has at least two values.</param>
/// <param name="Questions">The questions, the most telling one first.</param>
/// <param name="StudentQuantiles">The quantiles of Student's t for 95 % intervals, by degrees of freedom from 1.</param>
internal sealed record PageQuestions(
    IReadOnlyList<PageFacet> Facets, IReadOnlyList<PageQuestion> Questions, IReadOnlyList<double> StudentQuantiles)
{
    private static readonly PageFacet Experiment = new("artifact", "Experiment");

    private static readonly (TextColumn Column, PageFacet Facet)[] Setup =
    [
        (StandardColumns.Evidence, new("evidence", "Evidence")), (StandardColumns.Model, new("model", "Model")),
        (StandardColumns.System, new("system", "Hardware")), (StandardColumns.Engine, new("engine", "Engine")),
        (StandardColumns.Precision, new("precision", "Number format")),
    ];

    private static readonly (TextColumn Column, PageFacet Facet)[] Last =
        [(StandardColumns.SloProfile, new("slo", "SLO")), (StandardColumns.Workload, new("workload", "Workload"))];

    /// <summary>The questions of some answers.</summary>
    /// <param name="answers">The answers, the most telling one first; at least one.</param>
    /// <param name="captions">The artifacts, whose titles name the experiments.</param>
    internal static PageQuestions Of(IReadOnlyList<Answer> answers, IReadOnlyList<ArtifactCaption> captions)
    {
        Dictionary<string, string> titles = captions.ToDictionary(caption => caption.Name, caption => caption.Title);
        PageFacet[] inputs = [.. answers.SelectMany(answer => answer.InputParts)
            .Select(part => new PageFacet(FacetOf(part.Axis), Capitalised(part.Axis.Words))).Distinct()];
        PageFacet[] facets =
            [.. Setup.Select(pair => pair.Facet), Experiment, .. inputs, .. Last.Select(pair => pair.Facet)];
        PageQuestion[] questions = [.. answers.Select(answer => PageQuestion.Of(answer, ValuesOf(answer, titles)))];
        bool IsChoice(PageFacet facet) =>
            questions.Select(question => question.Facets.GetValueOrDefault(facet.Name)).Distinct().Skip(1).Any();
        return new PageQuestions(
            [.. facets.Where(IsChoice)],
            questions,
            [.. Enumerable.Range(1, Math.Max(1, answers.SelectMany(answer => answer.Settings).Max(setting => setting.Repetitions) - 1))
                .Select(freedom => StudentT.InvCDF(0, 1, freedom, (1 + MeanInterval.DefaultConfidence) / 2))]);
    }

    private static Dictionary<string, string> ValuesOf(Answer answer, Dictionary<string, string> titles)
    {
        Dictionary<string, string> values = new() { [Experiment.Name] = titles.GetValueOrDefault(answer.Artifact) ?? answer.Artifact };
        foreach ((TextColumn column, PageFacet facet) in Setup.Concat(Last))
        {
            if (answer.Of(column) is { } value)
            {
                values.Add(facet.Name, value);
            }
        }

        foreach ((GridAxis axis, string words) in answer.InputParts)
        {
            values.TryAdd(FacetOf(axis), words);
        }

        return values;
    }

    private static string FacetOf(GridAxis axis) => $"input-{axis.Name}";

    private static string Capitalised(string words) => char.ToUpperInvariant(words[0]) + words[1..];
}

/// <summary>What a reader chooses a question by.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Title">Its words.</param>
internal sealed record PageFacet(string Name, string Title);

/// <summary>
/// A question with everything that the script needs to answer it anew. Nothing in it is escaped: the script writes it as text.
/// </summary>
internal sealed record PageQuestion
{
    public required string Id { get; init; }

    public required string Artifact { get; init; }

    /// <summary>Its value for each facet that it has.</summary>
    public required IReadOnlyDictionary<string, string> Facets { get; init; }

    /// <summary>The evidence kind as a sentence begins with it, and the class of its mark.</summary>
    public required string EvidenceText { get; init; }

    public required string EvidenceStyle { get; init; }

    /// <summary>What is asked, for example <c>fixed-512-128 (SS, low load) with llama-2-70b (bf16)</c>.</summary>
    public required string Words { get; init; }

    /// <summary>What its settings must keep, for example <c> within the SLO dynamollm</c>; empty without an SLO.</summary>
    public required string Goal { get; init; }

    public required bool HasSlo { get; init; }

    public required string? SloLimits { get; init; }

    /// <summary>The percentiles that a reader limits.</summary>
    public required PagePair<int> Percentiles { get; init; }

    /// <summary>The limits of the SLO (s); <c>null</c> where it does not limit that latency in seconds, or by class of request.</summary>
    public required PagePair<double?> Limits { get; init; }

    /// <summary>Place of the default among the settings; -1 where subjects such as models are compared, which have none.</summary>
    public required int Default { get; init; }

    /// <summary>
    /// The probability that the best setting within the limits of the run takes the least; <c>null</c> where it cannot be told. The script
    /// draws anew where a reader's limits leave other candidates.
    /// </summary>
    public required double? Probability { get; init; }

    public required IReadOnlyList<PageSetting> Settings { get; init; }

    internal static PageQuestion Of(Answer answer, IReadOnlyDictionary<string, string> facets)
    {
        AnswerSetting[] settings = [.. answer.Settings];
        SloLimitWords limits = SloLimitWords.Read(answer);
        return new PageQuestion
        {
            Id = answer.Id,
            Artifact = answer.Artifact,
            Facets = facets,
            EvidenceText = QuestionText.EvidenceOf(answer),
            EvidenceStyle = answer.Of(StandardColumns.Evidence) ?? "",
            Words = QuestionText.Of(answer),
            Goal = QuestionText.Goal(answer),
            HasSlo = answer.HasSlo,
            SloLimits = answer.SloLimits,
            Percentiles = new PagePair<int>(limits.TtftPercentile, limits.TbtPercentile),
            Limits = new PagePair<double?>(limits.TtftSeconds, limits.TbtSeconds),
            Default = Array.IndexOf(settings, answer.Default),
            Probability = answer.Probability,
            Settings = [.. settings.Select(setting => PageSetting.Of(answer, setting, Array.IndexOf(settings, answer.DefaultOf(setting))))],
        };
    }
}

/// <summary>A value for each latency that a reader limits.</summary>
internal sealed record PagePair<T>(T Ttft, T Tbt);
