namespace GreenServe.Analysis.Artifacts;

/// <summary>Every artifact that an experiment can name, and the order in which reports show them.</summary>
public static class ArtifactCatalog
{
    /// <summary>All artifacts, in the order of the report.</summary>
    internal static IReadOnlyList<Artifact> All { get; } =
    [
        .. WorkloadArtifacts.All,
        .. KnobArtifacts.All,
        SloHeatMap.Artifact,
        SloTightness.Artifact,
        EnergyRegression.Artifact,
        WorkloadArtifacts.SplitwiseMedians,
        .. PolicyArtifacts.All,
    ];

    /// <summary>All artifacts and their companions, and the figures of runs outside experiments, in the order of the report.</summary>
    internal static IReadOnlyList<string> ReportOrder { get; } =
    [
        .. All.SelectMany(artifact => new[] { artifact.Name }
            .Concat(artifact.Companions.Select(companion => companion.Name))
            .Concat(artifact.RunCompanions.Select(companion => companion.Name))),
        RunFigures.Name, RunFigures.PowerName, PredictionArtifact.TwinName, PredictionArtifact.Name,
    ];

    /// <summary>The names of the artifacts that an experiment can name, in the order of the report.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(artifact => artifact.Name)];

    /// <summary>
    /// Captions in the order of reports: artifacts of the catalog in its order, then those that were made from grids by the names of their
    /// experiments, each before its companions, then single runs and the errors of the simulator.
    /// </summary>
    internal static IEnumerable<ArtifactCaption> InOrder(IEnumerable<ArtifactCaption> captions) => captions
        .OrderBy(caption => ReportOrder.Contains(caption.Name) ? ReportOrder.TakeWhile(name => name != caption.Name).Count()
            : ReportOrder.TakeWhile(name => name != RunFigures.Name).Count() - 0.5)
        .ThenBy(caption => caption.Tables.Count > 0 ? caption.Tables[0] : caption.Name, StringComparer.Ordinal)
        .ThenBy(caption => !IsOfGrid(caption))
        .ThenBy(caption => caption.Name, StringComparer.Ordinal);

    /// <summary>Whether a caption is of the artifact that was made from the grid of an experiment, and of no companion of it.</summary>
    internal static bool IsOfGrid(ArtifactCaption caption) =>
        !ReportOrder.Contains(caption.Name) && caption.Tables is [var first, ..] && first == $"{caption.Name}.csv";

    /// <summary>The artifact of a name; <c>null</c> if there is none.</summary>
    internal static Artifact? Find(string name) => All.FirstOrDefault(artifact => artifact.Name == name);
}
