using System.Globalization;
using GreenServe.Records.Documents;
using GreenServe.Records.Measurements;
using GreenServe.Simulation.Physics;

namespace GreenServe.Simulation.Trust;

/// <summary>What the runs of a calibrated profile covered, and whether a setting lies outside of it.</summary>
internal static class ComparedRange
{
    /// <summary>Factor beyond the fewest and the most requests at once that still counts as compared.</summary>
    private const double Slack = 2;

    /// <summary>The settings of some runs; <c>null</c> without runs.</summary>
    /// <param name="runs">The system of each run, and its users or its mean number of requests at once.</param>
    internal static ComparedSettings? Of(IReadOnlyList<(SimulatedSystem System, double Requests)> runs) => runs.Count == 0 ? null : new()
    {
        Models = [.. runs.Select(run => run.System.Model.Name).Distinct().Order(StringComparer.Ordinal)],
        Precisions = [.. runs.Select(run => run.System.Precision).Distinct().Order()],
        TensorParallelism = [.. runs.Select(run => run.System.TensorParallelism).Distinct().Order()],
        Gpus = [.. runs.Select(run => run.System.Gpus).Distinct().Order()],
        FewestRequests = Math.Max(1, Math.Round(runs.Min(run => run.Requests), 1)),
        MostRequests = Math.Max(1, Math.Round(runs.Max(run => run.Requests), 1)),
    };

    /// <summary>Why a setting lies outside of what a profile was compared with; <c>null</c> where it does not.</summary>
    /// <param name="system">The system.</param>
    /// <param name="requests">Its users, or its mean number of requests at once.</param>
    /// <param name="compared">What the profile was compared with.</param>
    internal static string? ReasonFor(SimulatedSystem system, double requests, ComparedSettings compared)
    {
        bool isLoadOutside = requests < compared.FewestRequests / Slack || requests > compared.MostRequests * Slack;
        bool areGpusOutside = !compared.Gpus.Contains(system.Gpus);
        bool isOutside = isLoadOutside || areGpusOutside || !compared.Models.Contains(system.Model.Name)
            || !compared.Precisions.Contains(system.Precision) || !compared.TensorParallelism.Contains(system.TensorParallelism);
        return isOutside ? $"the twin was compared with {InWords(compared)} only" : null;
    }

    private static string InWords(ComparedSettings compared)
    {
        string stages = compared.Gpus.SequenceEqual(compared.TensorParallelism) ? "" : $", {Joined(compared.Gpus)} GPUs";
        (double fewest, double most) = (compared.FewestRequests, compared.MostRequests);
        string users = fewest < most ? $"{Text(fewest)} to {Text(most)} users" : most == 1 ? "1 user" : $"{Text(most)} users";
        return $"{Joined(compared.Models)}, {Joined(compared.Precisions.Select(EnumText.Of))}, "
            + $"TP {Joined(compared.TensorParallelism)}{stages}, {users}";
    }

    private static string Joined<T>(IEnumerable<T> values) => string.Join(" and ", values);

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
