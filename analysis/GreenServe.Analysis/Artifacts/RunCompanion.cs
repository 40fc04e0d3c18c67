using GreenServe.Analysis.Grids;

namespace GreenServe.Analysis.Artifacts;

/// <summary>A figure drawn from the records of an artifact's runs, because its table no longer holds what it shows.</summary>
/// <param name="Name">Name in kebab-case: the name of its files.</param>
/// <param name="Title">Title for people.</param>
/// <param name="Question">The question it answers, in a sentence.</param>
/// <param name="Draw">The figure; without panels it is left out.</param>
public sealed record RunCompanion(string Name, string Title, string Question, Func<IReadOnlyList<ExperimentRun>, FigureContent> Draw);
