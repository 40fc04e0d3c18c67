using GreenServe.Analysis.Artifacts.Panels;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Artifacts;

/// <summary>A figure with the tables behind it: what it is called, which experiment it needs, how it is drawn.</summary>
internal sealed record Artifact
{
    /// <summary>Name in kebab-case: the artifact an experiment names, and the name of its files.</summary>
    public required string Name { get; init; }

    /// <summary>Title of the artifact for readers.</summary>
    public required string Title { get; init; }

    /// <summary>The question it answers, in a sentence.</summary>
    public required string Question { get; init; }

    /// <summary>The axes that its table has: its experiments vary them, or their runs say where they stand on them.</summary>
    public required IReadOnlyList<GridAxis> Axes { get; init; }

    /// <summary>Tables derived from the main one, such as fits and best points.</summary>
    public Func<ResultTable, IReadOnlyList<ResultTable>> Derive { get; init; } = _ => [];

    /// <summary>More figures drawn from the same runs, each an artifact of its own.</summary>
    public IReadOnlyList<Artifact> Companions { get; init; } = [];

    /// <summary>More figures drawn from the records of the same runs.</summary>
    public IReadOnlyList<RunCompanion> RunCompanions { get; init; } = [];

    /// <summary>The figure, from the main table.</summary>
    public required Func<ResultTable, FigureContent> Draw { get; init; }
}

/// <summary>A figure drawn from the records of an artifact's runs, because its table no longer holds what it shows.</summary>
/// <param name="Name">Name in kebab-case: the name of its files.</param>
/// <param name="Title">Title for people.</param>
/// <param name="Question">The question it answers, in a sentence.</param>
/// <param name="Draw">The figure; without panels it is left out.</param>
internal sealed record RunCompanion(string Name, string Title, string Question, Func<IReadOnlyList<ExperimentRun>, FigureContent> Draw);
