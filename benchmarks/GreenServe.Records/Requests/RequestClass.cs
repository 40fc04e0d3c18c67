namespace GreenServe.Records.Requests;

/// <summary>Input length S/M/L by output length S/M/L; nine classes SS..LL, the first letter is the input.</summary>
/// <param name="Input">Band of the input length.</param>
/// <param name="Output">Band of the output length.</param>
public readonly record struct RequestClass(LengthBand Input, LengthBand Output)
{
    private const string Letters = "SML";

    /// <summary>All nine, in the order SS, SM, SL, MS, .. LL.</summary>
    public static IReadOnlyList<RequestClass> All { get; } =
        [.. from input in Enum.GetValues<LengthBand>() from output in Enum.GetValues<LengthBand>() select new RequestClass(input, output)];

    /// <summary>The two-letter name.</summary>
    public string Name => $"{Letters[(int)Input]}{Letters[(int)Output]}";

    /// <summary>Reads a two-letter name.</summary>
    /// <returns>Whether <paramref name="name"/> is one of the nine.</returns>
    public static bool TryParse(string? name, out RequestClass requestClass)
    {
        requestClass = All.FirstOrDefault(candidate => candidate.Name == name);
        return name is not null && requestClass.Name == name;
    }

    /// <inheritdoc />
    public override string ToString() => Name;
}

/// <summary>Short, medium or long: one letter of a request class.</summary>
public enum LengthBand
{
    /// <summary>Short (S).</summary>
    Short,

    /// <summary>Medium (M).</summary>
    Medium,

    /// <summary>Long (L).</summary>
    Long,
}
