using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Serving.Dialects;

/// <summary>What a user changes in the body of every request: members that are added, and members that are left out.</summary>
/// <remarks>
/// A member that the user adds takes the place of the suite's own member of that name. Members on which the workload or the reading of a
/// response depends cannot be changed.
/// </remarks>
public sealed class BodyMembers
{
    /// <summary>The members that only the suite sets.</summary>
    private static readonly HashSet<string> EssentialNames = new(StringComparer.Ordinal)
    {
        "model", "prompt", "messages", "inputs", "stream", "stream_options", "max_tokens", "max_completion_tokens", "max_new_tokens",
        "n", "best_of", "echo", "use_beam_search", "options", "parameters",
    };

    private readonly (string Name, byte[] Value)[] added;
    private readonly HashSet<string> replaced;

    private BodyMembers(IReadOnlyList<(string Name, byte[] Value)> added, IReadOnlyList<string> omitted)
    {
        this.added = [.. added];
        Omitted = omitted;
        replaced = [.. added.Select(member => member.Name), .. omitted];
    }

    /// <summary>Every body as the suite writes it.</summary>
    public static BodyMembers Unchanged { get; } = new([], []);

    /// <summary>The members that the suite sends to some servers and that may be left out, in the order of the documentation.</summary>
    public static IReadOnlyList<string> Omittable { get; } =
    [
        "logprobs", "stream_options", "continuous_usage_stats", "temperature", "ignore_eos", "min_tokens", "timings_per_token",
        "cache_prompt",
    ];

    /// <summary>The members that are left out.</summary>
    public IReadOnlyList<string> Omitted { get; }

    /// <summary>The names of the members that are added, in their order.</summary>
    public IEnumerable<string> Added => added.Select(member => member.Name);

    /// <summary>Whether bodies are as the suite writes them.</summary>
    public bool IsUnchanged => replaced.Count == 0;

    /// <summary>Everything that is changed, as one text that stands for it. It may hold secrets.</summary>
    internal string Identity => string.Join('\n', [
        .. added.Select(member => $"+{member.Name}={Encoding.UTF8.GetString(member.Value)}"),
        .. Omitted.Order(StringComparer.Ordinal).Select(name => $"-{name}"),
    ]);

    /// <summary>Reads members to add from a file, and the names of members to leave out.</summary>
    /// <param name="bodyPlace">The option that names the file, for messages.</param>
    /// <param name="path">A file that holds one JSON object; <c>null</c> for no file.</param>
    /// <param name="omitPlace">The option that names the members to leave out, for messages.</param>
    /// <param name="omitted">Names of <see cref="Omittable"/>.</param>
    /// <exception cref="InvalidInputException">Every member that cannot be changed. No message shows a value.</exception>
    public static BodyMembers Read(string bodyPlace, string? path, string omitPlace, IReadOnlyList<string> omitted)
    {
        List<Problem> problems = [];
        IReadOnlyList<(string Name, byte[] Value)> members = path is null ? [] : ReadFile(bodyPlace, path, problems);
        problems.AddRange(members.Where(member => EssentialNames.Contains(member.Name)).Select(member => new Problem(
            bodyPlace, $"the member {member.Name}", "members that the workload does not decide, unlike model, prompt and lengths", path)));
        problems.AddRange(omitted.Where(name => !Omittable.Contains(name)).Select(name => new Problem(
            omitPlace, name, $"one of {string.Join(", ", Omittable)}")));
        problems.AddRange(omitted.Where(name => members.Any(member => member.Name == name)).Select(name => new Problem(
            omitPlace, $"{name}, which {bodyPlace} adds", "a member that is either added or left out")));
        return problems.Count > 0
            ? throw new InvalidInputException(problems)
            : new BodyMembers(members, [.. omitted.Distinct(StringComparer.Ordinal)]);
    }

    /// <summary>Whether the suite writes a member of its own.</summary>
    internal bool Keeps(string name) => !replaced.Contains(name);

    /// <summary>Writes the members that are added.</summary>
    /// <param name="json">The body of a request.</param>
    /// <param name="belongs">Which members to write, by name; <c>null</c> for all.</param>
    internal void WriteAdded(Utf8JsonWriter json, Func<string, bool>? belongs = null)
    {
        foreach ((string name, byte[] value) in added)
        {
            if (belongs?.Invoke(name) != false)
            {
                json.WritePropertyName(name);
                json.WriteRawValue(value, skipInputValidation: true);
            }
        }
    }

    private static List<(string Name, byte[] Value)> ReadFile(string place, string path, List<Problem> problems)
    {
        const string Allowed = "one JSON object, whose members are added to each request";
        try
        {
            JsonDocumentOptions strict = new() { AllowDuplicateProperties = false };
            if (JsonNode.Parse(InputFile.ReadText(path), nodeOptions: null, strict) is JsonObject members)
            {
                return [.. members.Select(member => (member.Key, Encoding.UTF8.GetBytes(member.Value?.ToJsonString() ?? "null")))];
            }

            problems.Add(new Problem(place, "JSON that is no object", Allowed, path));
        }
        catch (JsonException exception)
        {
            // The parser's own message may repeat a part of the file.
            problems.Add(new Problem(place, "text that is no JSON", Allowed, path, (int?)exception.LineNumber + 1));
        }

        return [];
    }
}
