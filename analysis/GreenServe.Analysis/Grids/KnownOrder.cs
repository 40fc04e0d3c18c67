using System.Globalization;
using System.Text.RegularExpressions;
using GreenServe.Records.Requests;

namespace GreenServe.Analysis.Grids;

/// <summary>
/// The order of names that have one: loads, request classes, number formats from wide to narrow, policies after those that they are
/// compared with, and models by the size that their name states.
/// </summary>
internal static partial class KnownOrder
{
    /// <summary>Rank after every known one.</summary>
    internal const double Last = 1e15;

    private static readonly string[] Names =
    [
        "low", "medium", "high", .. RequestClass.All.Select(one => one.Name), "coding", "conversation", "fp32", "bf16", "fp8", "int8",
        "fp4", "int4",
        "baseline-a100", "baseline-h100", "splitwise-aa", "splitwise-hh", "splitwise-hhcap", "splitwise-ha",
        "top-clock", "best-static-clock", "best-static", "perfect-autoscaler", "single-pool",
        "dynamollm-single-pool", "dynamollm-multi-pool", "dynamollm-scale-inst", "dynamollm-scale-shard", "dynamollm-scale-freq",
        "dynamollm", "predictor-100", "predictor-60", "costs-0x", "costs-4x", "throttllem", "llm-d-variant-autoscaler",
        "brake-only", "polca", "uniform-cap", "tapas", "sites-in-turn", "freesh-energy", "freesh",
    ];

    /// <summary>Place of a name; <c>null</c> if it has none.</summary>
    internal static double? Rank(string name) => Array.IndexOf(Names, name) is >= 0 and int place ? place : Parameters(name);

    /// <summary>
    /// Parameters of a model as its name states them: 7e9 for <c>llama-2-7b</c>, 56e9 for <c>mixtral-8x7b</c>, 15e6 for <c>llama-15m</c>.
    /// </summary>
    private static double? Parameters(string name)
    {
        Match match = Size().Match(name);
        double Number(string group) => double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);
        if (!match.Success)
        {
            return null;
        }

        double unit = match.Groups["unit"].Value is "b" or "B" ? 1e9 : 1e6;
        double experts = match.Groups["experts"].Success ? Number("experts") : 1;
        return Number("size") * unit * experts;
    }

    [GeneratedRegex(
        @"(?:^|[-_/ ])(?:(?<experts>\d{1,3})x)?(?<size>\d{1,5}(?:\.\d{1,3})?)(?<unit>[bBmM])(?:$|[-_/ ])",
        RegexOptions.CultureInvariant)]
    private static partial Regex Size();
}
