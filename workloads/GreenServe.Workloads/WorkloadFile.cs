using System.Text.Json;
using System.Text.Json.Nodes;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Workloads.Catalogs;

namespace GreenServe.Workloads;

/// <summary>Reads workloads from <c>*.workload.yaml</c> files.</summary>
public static class WorkloadFile
{
    /// <summary>Reads a workload. An SLO that is given by name or path is replaced by its profile.</summary>
    /// <param name="path">Path of the file.</param>
    /// <exception cref="InvalidInputException">The file is no valid workload. Every problem is given with its line.</exception>
    public static Workload Read(string path) => Bind(NamedDocument.FromFile(path));

    /// <summary>Reads a workload from the text of a file that need not exist yet.</summary>
    /// <param name="text">The text, as YAML.</param>
    /// <param name="path">Path of the file, from which relative paths start, and which messages name.</param>
    /// <exception cref="InvalidInputException">The text is no valid workload. Every problem is given with its line.</exception>
    public static Workload Parse(string text, string path) => Bind(NamedDocument.FromText(text, path));

    internal static Workload Bind(NamedDocument document)
    {
        List<Problem> problems = [];
        DocumentTree resolved = ResolveSlo(document.Tree, "slo", document.Folder, problems);
        return Bindings.Bind<Workload>(resolved, problems) with { Folder = document.Folder };
    }

    /// <summary>Replaces the name of an SLO profile by the profile.</summary>
    internal static DocumentTree ResolveSlo(DocumentTree tree, string path, string? folder, List<Problem> problems)
    {
        string place = "$." + path;
        if (tree.ValueAt(place) is not { } value || value.GetValueKind() != JsonValueKind.String)
        {
            return tree;
        }

        try
        {
            return tree.With(path, SloCatalog.Open(value.GetValue<string>(), folder));
        }
        catch (InvalidInputException exception)
        {
            DocumentOrigin origin = tree.OriginOf(place);
            problems.AddRange(exception.Problems.Select(problem =>
                problem.File is null ? problem with { Place = place, File = origin.File, Line = origin.Line } : problem));
            return tree.With(path, (JsonNode?)null);
        }
    }
}
