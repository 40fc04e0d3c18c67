using GreenServe.Records;
using GreenServe.Records.Grids;

namespace GreenServe.Simulation.Clusters.Monitoring;

/// <summary>What surrounds the servers of a cluster: power budgets, electric grids, air, and emergencies.</summary>
public sealed record Facility
{
    /// <summary>The rows by name.</summary>
    /// <value>Default: none.</value>
    public IReadOnlyDictionary<string, RowEntry> Rows { get; init; } = new Dictionary<string, RowEntry>();

    /// <summary>The signal of each site's grid, by name of the site.</summary>
    /// <value>Default: none.</value>
    public IReadOnlyDictionary<string, GridSignal> Sites { get; init; } = new Dictionary<string, GridSignal>();

    /// <summary>The thermal model; <c>null</c> for none.</summary>
    public ThermalEntry? Thermal { get; init; }

    /// <summary>The emergencies.</summary>
    /// <value>Default: none.</value>
    public IReadOnlyList<EmergencyEntry> Emergencies { get; init; } = [];

    /// <summary>Whether anything is stated.</summary>
    public bool IsEmpty => Rows.Count == 0 && Sites.Count == 0 && Thermal is null && Emergencies.Count == 0;

    /// <summary>The rows in the order of their names.</summary>
    internal IEnumerable<string> RowNames => Rows.Keys.Order(StringComparer.Ordinal);

    /// <summary>The sites in the order of their names.</summary>
    internal IEnumerable<string> SiteNames => Sites.Keys.Order(StringComparer.Ordinal);

    /// <summary>The aisles in the order of their names.</summary>
    internal IEnumerable<string> AisleNames => (Thermal?.Aisles.Keys ?? []).Order(StringComparer.Ordinal);

    /// <summary>Every reason why servers cannot stand here; empty if they can.</summary>
    /// <param name="places">Where each group of servers stands, by the place of the group in the cluster file.</param>
    /// <param name="siteNames">Names of the sites that the cluster file states.</param>
    internal IEnumerable<Problem> Check(IReadOnlyList<(string Place, string? Row, string? Site)> places, IEnumerable<string> siteNames)
    {
        string[] sites = [.. siteNames];
        foreach ((string place, string? row, string? site) in places)
        {
            if (row is not null && !Rows.ContainsKey(row))
            {
                yield return Unknown($"{place}.row", row, "rows", RowNames);
            }

            if (site is not null && !sites.Contains(site))
            {
                yield return Unknown($"{place}.site", site, "sites", sites);
            }
        }

        foreach (string site in sites.Where(site => places.All(place => place.Site != site)))
        {
            yield return new Problem($"$.sites.{site}", "no server", $"a group of servers with site: {site}");
        }

        foreach (string row in RowNames)
        {
            if (Rows[row].Opaque is null && places.All(place => place.Row != row))
            {
                yield return new Problem($"$.rows.{row}", "no server", $"a group of servers with row: {row}, or opaque power");
            }

            string?[] around = [.. places.Where(place => place.Row == row).Select(place => place.Site).Distinct()];
            if (around.Length > 1)
            {
                string found = string.Join(", ", around.Select(site => site ?? "no site"));
                yield return new Problem($"$.rows.{row}", found, "one site for all servers of a row");
            }

            if (Rows[row].Aisle is { } aisle && !AisleNames.Contains(aisle))
            {
                yield return Unknown($"$.rows.{row}.aisle", aisle, "thermal.aisles", AisleNames);
            }
        }

        foreach (string aisle in AisleNames.Where(aisle => Rows.Values.All(row => row.Aisle != aisle)))
        {
            yield return new Problem($"$.thermal.aisles.{aisle}", "no row", $"a row with aisle: {aisle}");
        }

        foreach (Problem problem in CheckEmergencies())
        {
            yield return problem;
        }
    }

    /// <summary>Emergencies of rows or aisles that there are not. They would change nothing.</summary>
    private IEnumerable<Problem> CheckEmergencies()
    {
        for (int index = 0; index < Emergencies.Count; index++)
        {
            if (Emergencies[index] is { BudgetShare: { } budget, Row: null } && Rows.Count == 0)
            {
                yield return new Problem($"$.emergencies[{index}].budget_share", budget, "rows with budgets, of which there are none");
            }

            if (Emergencies[index] is { AirflowShare: { } air, Aisle: null } && !AisleNames.Any())
            {
                yield return new Problem($"$.emergencies[{index}].airflow_share", air, "aisles under thermal.aisles, which has none");
            }

            if (Emergencies[index].Row is { } row && !Rows.ContainsKey(row))
            {
                yield return Unknown($"$.emergencies[{index}].row", row, "rows", RowNames);
            }

            if (Emergencies[index].Aisle is { } aisle && !AisleNames.Contains(aisle))
            {
                yield return Unknown($"$.emergencies[{index}].aisle", aisle, "thermal.aisles", AisleNames);
            }
        }
    }

    /// <summary>Share of a row's budget that may be drawn at a time: the smallest of the emergencies and the grid's cap.</summary>
    /// <param name="row">Name of the row.</param>
    /// <param name="site">The grid of the row's site; <c>null</c> for none.</param>
    /// <param name="seconds">The time, in seconds from the start of the run.</param>
    internal double BudgetShare(string row, GridSignal? site, double seconds)
    {
        double share = site?.At(seconds).CapShare ?? 1;
        for (int index = 0; index < Emergencies.Count; index++)
        {
            EmergencyEntry emergency = Emergencies[index];
            if (emergency.BudgetShare < share && emergency.IsOn(seconds) && (emergency.Row is null || emergency.Row == row))
            {
                share = emergency.BudgetShare.Value;
            }
        }

        return share;
    }

    /// <summary>Share of an aisle's air that there is at a time: the smallest of the emergencies.</summary>
    /// <param name="aisle">Name of the aisle.</param>
    /// <param name="seconds">The time, in seconds from the start of the run.</param>
    internal double AirflowShare(string aisle, double seconds)
    {
        double share = 1;
        for (int index = 0; index < Emergencies.Count; index++)
        {
            EmergencyEntry emergency = Emergencies[index];
            if (emergency.AirflowShare < share && emergency.IsOn(seconds) && (emergency.Aisle is null || emergency.Aisle == aisle))
            {
                share = emergency.AirflowShare.Value;
            }
        }

        return share;
    }

    private static Problem Unknown(string place, string found, string where, IEnumerable<string> known)
    {
        string[] names = [.. known];
        string allowed = names.Length == 0 ? $"a name under {where}, which has none" : $"one of {string.Join(", ", names)}";
        return new Problem(place, found, allowed);
    }
}
