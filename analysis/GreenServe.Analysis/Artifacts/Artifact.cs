using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Artifacts;

/// <summary>A figure with the tables behind it: what it is called, which experiment it needs, how it is drawn.</summary>
public sealed record Artifact
{
    /// <summary>Name in kebab-case: the artifact an experiment names, and the name of its files.</summary>
    public required string Name { get; init; }

    /// <summary>Title for people.</summary>
    public required string Title { get; init; }

    /// <summary>The question it answers, in a sentence.</summary>
    public required string Question { get; init; }

    /// <summary>The axes its experiment must have.</summary>
    public required IReadOnlyList<string> Axes { get; init; }

    /// <summary>Tables derived from the main one, such as fits and best points.</summary>
    public Func<ResultTable, IReadOnlyList<ResultTable>> Derive { get; init; } = _ => [];

    /// <summary>More figures drawn from the same runs, each an artifact of its own.</summary>
    public IReadOnlyList<Artifact> Companions { get; init; } = [];

    /// <summary>More figures drawn from the records of the same runs.</summary>
    public IReadOnlyList<RunCompanion> RunCompanions { get; init; } = [];

    /// <summary>The figure, from the main table (first) and the derived ones.</summary>
    public required Func<IReadOnlyList<ResultTable>, FigureContent> Draw { get; init; }
}
