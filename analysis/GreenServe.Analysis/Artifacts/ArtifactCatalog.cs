namespace GreenServe.Analysis.Artifacts;

/// <summary>Every artifact that an experiment can name, and the order in which reports show them.</summary>
internal static class ArtifactCatalog
{
    /// <summary>All artifacts, in the order of the report.</summary>
    public static IReadOnlyList<Artifact> All { get; } =
    [
        .. WorkloadArtifacts.All,
        .. KnobArtifacts.All,
        SloHeatMap.Artifact,
        SloTightness.Artifact,
        EnergyRegression.Artifact,
        WorkloadArtifacts.SplitwiseMedians,
    ];

    /// <summary>All artifacts and their companions, and the figures of runs outside experiments, in the order of the report.</summary>
    public static IReadOnlyList<string> ReportOrder { get; } =
    [
        .. All.SelectMany(artifact => new[] { artifact.Name }
            .Concat(artifact.Companions.Select(companion => companion.Name))
            .Concat(artifact.RunCompanions.Select(companion => companion.Name))),
        RunFigures.Name, RunFigures.PowerName, PredictionArtifact.TwinName, PredictionArtifact.Name,
    ];

    /// <summary>The artifact of a name; <c>null</c> if there is none.</summary>
    public static Artifact? Find(string name) => All.FirstOrDefault(artifact => artifact.Name == name);
}
