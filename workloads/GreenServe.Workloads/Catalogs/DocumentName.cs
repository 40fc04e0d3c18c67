namespace GreenServe.Workloads.Catalogs;

/// <summary>Checks the names of workloads and experiments, which become parts of folder and file names.</summary>
internal static class DocumentName
{
    internal const string Allowed = "1 to 80 letters, digits, dots, dashes or underscores, not beginning with a dot";

    /// <summary>Longest name (characters). File systems allow 255 bytes, and run folders add the names of coordinates.</summary>
    private const int MaxLength = 80;

    internal static bool IsAllowed(string name) =>
        name.Length is > 0 and <= MaxLength && name[0] != '.'
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_');
}
