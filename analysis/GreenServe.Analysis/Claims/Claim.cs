using GreenServe.Analysis.Artifacts;
using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Analysis.Claims;

/// <summary>A statement of a paper made checkable.</summary>
public sealed record Claim : IChecked
{
    /// <summary>Stable name in kebab-case, unique among all claims.</summary>
    public required string Id { get; init; }

    /// <summary>The statement of the source, in our words.</summary>
    public required string Statement { get; init; }

    /// <summary>Place of the statement in its source: authors, title, number, section or table.</summary>
    public required string Source { get; init; }

    /// <summary>How the source is known: read, second-hand, computed from its public data, or recalled.</summary>
    public required SourceReading SourceRead { get; init; }

    /// <summary>Whether the number of the claim went into the simulator, and how.</summary>
    public required CalibrationUse UsedInCalibration { get; init; }

    /// <summary>Names of the artifacts that the query reads.</summary>
    public IReadOnlyList<string> Artifacts { get; init; } = [];

    /// <summary>One SELECT (DuckDB) over the tables of the artifacts; <c>null</c> for a claim that no artifact can test.</summary>
    /// <remarks>
    /// A table is named like its CSV file, with underscores in place of hyphens. The first column is the value; the others are shown beside
    /// it.
    /// </remarks>
    public string? Query { get; init; }

    /// <summary>Bound on the value of the query; <c>null</c> if and only if the claim has no query.</summary>
    public ClaimBound? Bound { get; init; }

    /// <summary>Why no artifact can test the claim; <c>null</c> for a claim with a query.</summary>
    public string? NotTestable { get; init; }

    /// <summary>Why this query and bound say the same as the statement, and where they differ.</summary>
    public required string Rationale { get; init; }

    /// <inheritdoc />
    public IEnumerable<Problem> Check()
    {
        bool isTestable = NotTestable is null;
        if (isTestable && (Query is null || Bound is null))
        {
            yield return new Problem("$", "no query with a bound", "query and bound, or not_testable with the reason");
        }

        if (!isTestable && (Query is not null || Bound is not null))
        {
            yield return new Problem("$.not_testable", "given beside a query or bound", "either query and bound, or not_testable");
        }

        if (Query?.Contains(';', StringComparison.Ordinal) == true)
        {
            yield return new Problem("$.query", "a semicolon", "one SELECT without a semicolon");
        }

        foreach ((int index, string name) in Artifacts.Index())
        {
            if (ArtifactCatalog.Find(name) is null)
            {
                yield return new Problem(
                    $"$.artifacts[{index}]", name, $"one of {string.Join(", ", ArtifactCatalog.All.Select(artifact => artifact.Name))}");
            }
        }
    }
}

/// <summary>Whether a claim's number went into the simulator. A simulated PASS then proves nothing and is not counted.</summary>
public sealed record CalibrationUse
{
    /// <summary>Whether the claim's number, or data of the same experiment, was used to fit the simulator.</summary>
    public required bool Used { get; init; }

    /// <summary>How the number was used to fit the simulator, or why it was not.</summary>
    public required string Why { get; init; }
}

/// <summary>How the source of a claim is known.</summary>
public enum SourceReading
{
    /// <summary>The primary text, code or data was read.</summary>
    Read,

    /// <summary>A third party who read it reports it.</summary>
    SecondHand,

    /// <summary>Computed from the source's public data.</summary>
    Computed,

    /// <summary>The statement was quoted from memory and not verified.</summary>
    Recalled,
}
