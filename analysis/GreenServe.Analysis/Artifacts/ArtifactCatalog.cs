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

    /// <summary>The artifact of a name; <c>null</c> if there is none.</summary>
    internal static Artifact? Find(string name) => All.FirstOrDefault(artifact => artifact.Name == name);
}
