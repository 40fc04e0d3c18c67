using GreenServe.Records;
using GreenServe.Workloads.Catalogs;

namespace GreenServe.Workloads.Experiments;

/// <summary>Reads <c>*.experiment.yaml</c>.</summary>
public static class ExperimentFile
{
    /// <summary>Reads an experiment. Its points are validated by <see cref="Experiment.Points"/>.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidInputException">Every problem of the file, with lines.</exception>
    public static Experiment Read(string path) => Bind(NamedDocument.FromFile(path));

    internal static Experiment Bind(NamedDocument document) =>
        document.Tree.Bind<Experiment>() with { Document = document.Tree, Folder = document.Folder };
}
