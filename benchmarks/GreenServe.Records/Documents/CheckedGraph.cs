using System.Collections;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace GreenServe.Records.Documents;

/// <summary>Runs <see cref="IChecked.Check"/> on every record inside a bound document.</summary>
internal static class CheckedGraph
{
    internal static void Collect(object? value, DocumentTree tree, List<Problem> problems) =>
        Visit(value, DocumentPath.Root, tree, problems);

    private static void Visit(object? value, string path, DocumentTree tree, List<Problem> problems)
    {
        switch (value)
        {
            case null or string or JsonNode:
                return;
            case IDictionary entries:
                foreach (DictionaryEntry entry in entries)
                {
                    Visit(entry.Value, DocumentPath.Child(path, $"{entry.Key}"), tree, problems);
                }

                return;
            case IEnumerable items:
                int index = 0;
                foreach (object? item in items)
                {
                    Visit(item, DocumentPath.Item(path, index++), tree, problems);
                }

                return;
        }

        if (value is IChecked checkedValue)
        {
            foreach (Problem problem in checkedValue.Check())
            {
                string place = path + problem.Place[1..];
                DocumentOrigin origin = tree.OriginOf(place);
                problems.Add(problem with { Place = place, File = origin.File, Line = origin.Line });
            }
        }

        JsonTypeInfo type = DocumentContract.Options.GetTypeInfo(value.GetType());
        if (type.Kind != JsonTypeInfoKind.Object)
        {
            return;
        }

        foreach (JsonPropertyInfo property in type.Properties.Where(property => property.Get is not null && property.Set is not null))
        {
            Visit(property.Get!(value), DocumentPath.Child(path, property.Name), tree, problems);
        }
    }
}
