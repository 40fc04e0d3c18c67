namespace GreenServe.Records.Documents;

/// <summary>Paths into a document, written as <c>$.a.b[3]</c>.</summary>
internal static class DocumentPath
{
    internal const string Root = "$";

    internal static string Child(string path, string name) => $"{path}.{name}";

    internal static string Item(string path, int index) => $"{path}[{index}]";

    /// <summary>The path of the value that contains the value at a path; empty for the root.</summary>
    internal static string Parent(string path)
    {
        int cut = path.LastIndexOfAny(['.', '[']);
        return cut < 0 ? "" : path[..cut];
    }

    /// <summary>Whether a path is <paramref name="ancestor"/> or lies below it.</summary>
    internal static bool IsWithin(string path, string ancestor) =>
        path.StartsWith(ancestor, StringComparison.Ordinal)
        && (path.Length == ancestor.Length || path[ancestor.Length] is '.' or '[');

    /// <summary>The names and indices of a path in order, without its root <c>$</c>.</summary>
    internal static IEnumerable<string> Steps(string path) =>
        path.Split(['.', '[', ']'], StringSplitOptions.RemoveEmptyEntries).Skip(1);
}
