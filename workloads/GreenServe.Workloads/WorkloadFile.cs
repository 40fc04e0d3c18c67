using System.Text.Json;
using System.Text.Json.Nodes;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Workloads.Catalogs;

namespace GreenServe.Workloads;

/// <summary>Reads <c>*.workload.yaml</c>.</summary>
public static class WorkloadFile
{
    /// <summary>Reads a workload; an SLO given by name is looked up.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidInputException">Every problem of the file, with lines.</exception>
    public static Workload Read(string path) => Bind(NamedDocument.FromFile(path));

    internal static Workload Bind(NamedDocument document)
    {
        List<Problem> problems = [];
        DocumentTree resolved = ResolveSlo(document.Tree, "slo", document.Folder, problems);
        return Bindings.Bind<Workload>(resolved, problems) with { Folder = document.Folder };
    }

    /// <summary>Puts the SLO profile in the place of its name.</summary>
    internal static DocumentTree ResolveSlo(DocumentTree tree, string path, string? folder, List<Problem> problems)
    {
        string place = "$." + path;
        if (tree.ValueAt(place) is not { } value || value.GetValueKind() != JsonValueKind.String)
        {
            return tree;
        }

        try
        {
            return tree.With(path, SloCatalog.Documents.Open(value.GetValue<string>(), folder).Tree);
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
