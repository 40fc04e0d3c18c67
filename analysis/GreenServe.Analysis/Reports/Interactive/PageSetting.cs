using System.Globalization;
using GreenServe.Analysis.Answers;
using GreenServe.Analysis.Formatting;
using GreenServe.Analysis.Grids;

namespace GreenServe.Analysis.Reports.Interactive;

/// <summary>A setting of a question as the page's script reads it: a row of <c>settings.csv</c>.</summary>
internal sealed record PageSetting
{
    public required string Words { get; init; }

    public required int? GpusUsed { get; init; }

    public required int Repetitions { get; init; }

    public required long Requests { get; init; }

    /// <summary>Its hardware in words, for example <c>2 of 8 x H100-80GB-SXM</c>.</summary>
    public required string Hardware { get; init; }

    /// <summary>Its mean power and requests per second in words; empty where neither is known.</summary>
    public required string Rates { get; init; }

    /// <summary>Its latencies in words; empty where none is known.</summary>
    public required string Latencies { get; init; }

    /// <summary>What a million output tokens emit and cost, in a sentence; <c>null</c> where neither is known.</summary>
    public required string? Price { get; init; }

    /// <summary>Place of the default with as many GPUs among the settings of the question; -1 where there is none.</summary>
    public required int DefaultOfEqualSize { get; init; }

    public required string KeepsSlo { get; init; }

    public required string? WhyNoCandidate { get; init; }

    /// <summary>Why it is no candidate, in the words that settings are counted by; <c>null</c> where it is one.</summary>
    public required string? NoCandidateKind { get; init; }

    /// <summary>Why it is no candidate under any limits; <c>null</c> where limits decide.</summary>
    public required string? WhyUnusable { get; init; }

    public required string? SloFound { get; init; }

    public required PageNumber JoulesPerOutputToken { get; init; }

    /// <summary>The energy of an output token in each valid run (J), by the seed of the run.</summary>
    public required IReadOnlyDictionary<string, double> JoulesBySeed { get; init; }

    public required PageNumber JoulesPerRequest { get; init; }

    public required double? MeanWatts { get; init; }

    public required double? OutputTokensPerSecond { get; init; }

    public required PageNumber TtftP50Seconds { get; init; }

    public required PageNumber TtftP90Seconds { get; init; }

    public required PageNumber TtftP99Seconds { get; init; }

    public required PageNumber TbtP50Seconds { get; init; }

    public required PageNumber TbtP90Seconds { get; init; }

    public required PageNumber TbtP99Seconds { get; init; }

    /// <summary>What a reader must know before acting on the setting, whatever it is compared with.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    internal static PageSetting Of(Answer answer, AnswerSetting setting, int defaultOfEqualSize) => new()
    {
        Words = setting.Words,
        GpusUsed = setting.GpusUsed,
        Repetitions = setting.Repetitions,
        Requests = setting.Requests,
        Hardware = QuestionText.Hardware(setting),
        Rates = AnswerText.RatesOf(setting),
        Latencies = AnswerText.LatenciesOf(answer, setting),
        Price = AnswerText.PriceOf(setting),
        DefaultOfEqualSize = defaultOfEqualSize,
        KeepsSlo = SettingTable.KeepsSlo(setting, answer.HasSlo),
        WhyNoCandidate = setting.NoCandidateReason,
        NoCandidateKind = setting.NoCandidateKind,
        WhyUnusable = setting.UnusableReason,
        SloFound = setting.SloFound,
        JoulesPerOutputToken = PageNumber.Of(setting.JoulesPerOutputToken),
        JoulesBySeed = setting.JoulesBySeed
            .ToDictionary(pair => pair.Key.ToString(CultureInfo.InvariantCulture), pair => pair.Value),
        JoulesPerRequest = PageNumber.Of(setting.JoulesPerRequest),
        MeanWatts = setting.Of(MetricColumns.MeanWatts).Mean,
        OutputTokensPerSecond = setting.Of(MetricColumns.OutputTokensPerSecond).Mean,
        TtftP50Seconds = PageNumber.Of(setting.Of(MetricColumns.TtftP50)),
        TtftP90Seconds = PageNumber.Of(setting.Of(MetricColumns.TtftP90)),
        TtftP99Seconds = PageNumber.Of(setting.Of(MetricColumns.TtftP99)),
        TbtP50Seconds = PageNumber.Of(setting.Of(MetricColumns.TbtP50)),
        TbtP90Seconds = PageNumber.Of(setting.Of(MetricColumns.TbtP90)),
        TbtP99Seconds = PageNumber.Of(setting.Of(MetricColumns.TbtP99)),
        Warnings = AnswerWarnings.OfSetting(answer, setting),
    };
}

/// <summary>A number with everything that says how sure it is, all in its own unit.</summary>
/// <param name="Mean">The mean over repetitions; <c>null</c> where it was not measured.</param>
/// <param name="Low">Lower end of its 95 % interval between runs; <c>null</c> for one run.</param>
/// <param name="High">Upper end of its 95 % interval between runs; <c>null</c> for one run.</param>
/// <param name="BandLow">Lower end of what a simulated mean may be off by; <c>null</c> where nothing tells it.</param>
/// <param name="BandHigh">Upper end of what a simulated mean may be off by; <c>null</c> where nothing tells it.</param>
/// <param name="Band">The band in words; <c>null</c> without one.</param>
internal sealed record PageNumber(double? Mean, double? Low, double? High, double? BandLow, double? BandHigh, string? Band)
{
    internal static PageNumber Of(MetricValue value) => new(
        value.Mean,
        value.Low,
        value.High,
        value.BandLow,
        value.BandHigh,
        BandText.Of(value.Band) is { Length: > 0 } words ? words : null);
}
