using GreenServe.Records;
using GreenServe.Workloads.Catalogs;

namespace GreenServe.Workloads.Experiments;

/// <summary>Reads experiments from <c>*.experiment.yaml</c> files.</summary>
public static class ExperimentFile
{
    /// <summary>Reads an experiment. Its points are validated by <see cref="Experiment.Points"/>.</summary>
    /// <param name="path">Path of the file.</param>
    /// <exception cref="InvalidInputException">The file is no valid experiment. Every problem is given with its line.</exception>
    public static Experiment Read(string path) => Bind(NamedDocument.FromFile(path));

    internal static Experiment Bind(NamedDocument document) =>
        document.Tree.Bind<Experiment>() with { Document = document.Tree, Folder = document.Folder };
}
