using GreenServe.Analysis.Advising;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Answers;

/// <summary>A question in words. Names in it are as records state them; the text is not escaped.</summary>
internal static class QuestionText
{
    // How long a run is says nothing about what is asked of each setting.
    private static readonly string[] Lengths = ["requests", "duration_seconds", "warm_up_seconds"];

    /// <summary>The evidence kind with an upper-case letter first.</summary>
    internal static string EvidenceOf(Answer answer) => AdviceText.Upper(answer.Of(StandardColumns.Evidence) ?? "unknown evidence");

    /// <summary>
    /// What is asked of whom, for example
    /// <c>fixed-512-128 (SS, low load; changed: lengths, arrival) with llama-2-70b (bf16) and vllm-0.11</c>.
    /// </summary>
    internal static string Of(Answer answer)
    {
        string[] changes = [.. answer.WorkloadChanges.Where(path => !Lengths.Contains(path)).Select(path => path.Split('.')[0]).Distinct()];
        string about = string.Join("; ", new[] { answer.Inputs, changes.Length > 0 ? $"changed: {string.Join(", ", changes)}" : "" }
            .Where(part => part.Length > 0));
        string? served = ServedBy(answer);
        return answer.Of(StandardColumns.Workload) + (about.Length > 0 ? $" ({about})" : "") + (served is null ? "" : $" with {served}");
    }

    /// <summary>
    /// The workload with what the experiment changes in it: without that a row would name a workload that it did not run.
    /// </summary>
    internal static string? Workload(Answer answer) => answer.Of(StandardColumns.Workload) is { } name && answer.WorkloadChanges.Count > 0
        ? $"{name} with other {string.Join(", ", answer.WorkloadChanges)}"
        : answer.Of(StandardColumns.Workload);

    /// <summary>The SLO, for example <c> within the SLO dynamollm</c>; empty without one.</summary>
    internal static string Goal(Answer answer) => answer.Of(StandardColumns.SloProfile) is { } slo ? $" within the SLO {slo}"
        : answer.HasSlo ? " within its SLO"
        : "";

    /// <summary>
    /// The hardware of a setting, for example <c>2 of 8 x H100-80GB-SXM</c>, or <c>8 x H100-80GB-SXM</c> where all of it serves.
    /// </summary>
    internal static string Hardware(AnswerSetting setting)
    {
        string system = setting.System ?? "an unknown system";
        return (setting.GpusUsed, setting.GpusOfSystem) switch
        {
            ({ } used, { } all) when used < all => FormattableString.Invariant($"{used} of {system}"),
            ({ } used, null) => $"{AnswerText.Count(used, "GPU")} of {system}",
            _ => system,
        };
    }

    /// <summary>Model and engine, as far as they are not what is chosen; <c>null</c> where both are.</summary>
    private static string? ServedBy(Answer answer)
    {
        string? precision = IsChosen(answer, StandardColumns.Precision) ? null : KnobText.InWords(answer.Of(StandardColumns.Precision));
        string? model = IsChosen(answer, StandardColumns.Model) ? null : answer.Of(StandardColumns.Model);
        string? engine = IsChosen(answer, StandardColumns.Engine) ? null : answer.Of(StandardColumns.Engine);
        string text = string.Join(" and ", new[] { model + (model is null || precision is null ? "" : $" ({precision})"), engine }
            .Where(part => !string.IsNullOrEmpty(part)));
        return text.Length > 0 ? text : null;
    }

    private static bool IsChosen(Answer answer, Column column) => answer.Knobs.Contains(column);
}
