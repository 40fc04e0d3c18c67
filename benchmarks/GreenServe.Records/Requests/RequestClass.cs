namespace GreenServe.Records.Requests;

/// <summary>
/// The class of a request: the band of its input length (S/M/L) and of its output length. There are nine classes, SS to LL.
/// </summary>
/// <param name="Input">Band of the input length.</param>
/// <param name="Output">Band of the output length.</param>
public readonly record struct RequestClass(LengthBand Input, LengthBand Output)
{
    private const string Letters = "SML";

    /// <summary>All nine classes, in the order SS, SM, SL, MS, MM, ML, LS, LM, LL.</summary>
    public static IReadOnlyList<RequestClass> All { get; } =
        [.. from input in Enum.GetValues<LengthBand>() from output in Enum.GetValues<LengthBand>() select new RequestClass(input, output)];

    /// <summary>The two-letter name of the class; the first letter is the input.</summary>
    public string Name => $"{Letters[(int)Input]}{Letters[(int)Output]}";

    /// <summary>Reads the two-letter name of a class.</summary>
    /// <returns>Whether <paramref name="name"/> names one of the nine classes.</returns>
    public static bool TryParse(string? name, out RequestClass requestClass)
    {
        requestClass = All.FirstOrDefault(candidate => candidate.Name == name);
        return name is not null && requestClass.Name == name;
    }

    /// <inheritdoc />
    public override string ToString() => Name;
}

/// <summary>Band of a length: short, medium or long. It is one letter of a request class.</summary>
public enum LengthBand
{
    /// <summary>A short length (S).</summary>
    Short,

    /// <summary>A medium length (M).</summary>
    Medium,

    /// <summary>A long length (L).</summary>
    Long,
}
