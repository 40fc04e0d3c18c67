using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Requests;
using GreenServe.Workloads.Catalogs;

namespace GreenServe.Workloads.Traits;

/// <summary>
/// How requests share themselves out among priorities. Names are free, for example <c>high</c> and <c>low</c>. The turns of a session have
/// the priority of its first turn.
/// </summary>
public sealed record PriorityShares : IChecked
{
    /// <summary>Largest number of priorities.</summary>
    internal const int MaxPriorities = 16;

    /// <summary>Share of each priority, in any unit, for example percent.</summary>
    /// <value>At least 0; 1 to 16 priorities, of which one has a share above 0.</value>
    [Range(0, double.PositiveInfinity)]
    public required IReadOnlyDictionary<string, double> Shares { get; init; }

    /// <summary>Shares for some request classes (SS..LL) in place of <see cref="Shares"/>; <c>null</c> for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>>? ByClass { get; init; }

    /// <summary>The names of the priorities, in ordinal order.</summary>
    internal IReadOnlyList<string> Names => [.. Shares.Keys.Order(StringComparer.Ordinal)];

    /// <inheritdoc />
    public IEnumerable<Problem> Check()
    {
        if (Shares.Count > MaxPriorities)
        {
            yield return new Problem("$.shares", $"{Shares.Count} priorities", $"at most {MaxPriorities}");
        }

        foreach (string name in Shares.Keys.Where(name => !DocumentName.IsAllowed(name)))
        {
            yield return new Problem("$.shares", $"'{name}'", DocumentName.Allowed);
        }

        foreach (Problem problem in CheckSum(Shares, "$.shares").Concat(ByClass?.SelectMany(CheckClass) ?? []))
        {
            yield return problem;
        }
    }

    private IEnumerable<Problem> CheckClass(KeyValuePair<string, IReadOnlyDictionary<string, double>> pair)
    {
        string place = $"$.by_class.{pair.Key}";
        if (!RequestClass.TryParse(pair.Key, out _))
        {
            yield return new Problem(place, "an unknown class", $"one of {string.Join(", ", RequestClass.All)}");
        }

        foreach ((string name, double share) in pair.Value)
        {
            if (!Shares.ContainsKey(name))
            {
                yield return new Problem(place, $"'{name}'", $"one of {string.Join(", ", Names)}");
            }

            if (!(share >= 0 && double.IsFinite(share)))
            {
                yield return new Problem($"{place}.{name}", share, "a number of at least 0");
            }
        }

        foreach (Problem problem in CheckSum(pair.Value, place))
        {
            yield return problem;
        }
    }

    private static IEnumerable<Problem> CheckSum(IReadOnlyDictionary<string, double> shares, string place) =>
        shares.Values.Sum() > 0 ? [] : [new Problem(place, "a sum of 0", "at least one share greater than 0")];
}
