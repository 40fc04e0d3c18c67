using System.Security.Cryptography;
using System.Text.Json;
using GreenServe.Records;
using GreenServe.Workloads.Traces;

namespace GreenServe.Workloads.Datasets;

/// <summary>Reads datasets of prompts. A file whose name ends in <c>.gz</c> is unpacked.</summary>
public static class DatasetFile
{
    private const string Formats = "an object with conversations (ShareGPT), messages, prompt (vLLM, GuideLLM), text or turns (AIPerf)";

    /// <summary>Finds the file of a workload's dataset.</summary>
    /// <param name="path">The path as the workload states it.</param>
    /// <param name="folder">Folder that a relative path starts from; <c>null</c> for the current one.</param>
    /// <exception cref="InvalidInputException">The file does not exist.</exception>
    public static string Locate(string path, string? folder)
    {
        string full = folder is null ? path : Path.Combine(folder, path);
        return File.Exists(full)
            ? full
            : throw new InvalidInputException(
                new Problem("dataset", Directory.Exists(full) ? "a folder" : null, "an existing file of prompts", full));
    }

    /// <summary>
    /// SHA-256 of a dataset's text in lower-case hexadecimal. That of a compressed file is taken of the text it unpacks to.
    /// </summary>
    /// <exception cref="InvalidInputException">The file cannot be read.</exception>
    public static string ComputeSha256(string path) => Reading(path, stream => Convert.ToHexStringLower(SHA256.HashData(stream)));

    /// <summary>Reads the conversations that a schedule takes from a dataset.</summary>
    /// <param name="source">The dataset.</param>
    /// <param name="folder">Folder that a relative path starts from; <c>null</c> for the current one.</param>
    /// <param name="most">Number of conversations that are kept at most, at least 1.</param>
    /// <param name="seed">Seed of the order.</param>
    /// <param name="needsOutputs">Whether the dataset must tell how long outputs are.</param>
    /// <exception cref="InvalidInputException">
    /// The file is missing or of no known format, or entries are malformed. Up to 20 of them are named with their line, and all are
    /// counted.
    /// </exception>
    internal static Dataset Read(DatasetSource source, string? folder, int most, ulong seed, bool needsOutputs)
    {
        string path = Locate(source.File!, folder);
        if (source.Sha256 is { } expected && ComputeSha256(path) is var found
            && !string.Equals(found, expected, StringComparison.OrdinalIgnoreCase))
        {
            throw new InvalidInputException(new Problem("sha256", found, $"{expected}, the dataset this workload is made for", path));
        }

        return Reading(path, stream => Read(stream, path, source, new ConversationSample(source.Order, most, seed, path), needsOutputs));
    }

    /// <summary>Finds the format of a dataset by its first entry; <c>null</c> for a file of another kind, such as a trace.</summary>
    /// <exception cref="InvalidInputException">The file cannot be read.</exception>
    internal static DatasetFormat? Detect(string path) => Reading(path, stream =>
    {
        foreach (JsonEntry entry in new JsonEntries(stream, new RowProblems(path)).Read())
        {
            using JsonDocument? document = Parse(entry);
            return document is null ? null : PromptFields.Detect(document.RootElement);
        }

        return (DatasetFormat?)null;
    });

    private static Dataset Read(Stream stream, string path, DatasetSource source, ConversationSample sample, bool needsOutputs)
    {
        RowProblems problems = new(path);
        DatasetFormat? format = source.Format == DatasetFormat.Automatic ? null : source.Format;
        ConversationReader? reader = null;
        foreach (JsonEntry entry in new JsonEntries(stream, problems).Read())
        {
            using JsonDocument? document = Parse(entry);
            if (document is null)
            {
                problems.Add("entry", "text that is no JSON", "a JSON object", entry.Line);
                continue;
            }

            format ??= PromptFields.Detect(document.RootElement) ?? throw Unknown(document.RootElement, path, entry.Line);
            reader ??= new ConversationReader(format.Value, needsOutputs, problems);
            if (reader.Read(document.RootElement, entry.Line) is { } conversation)
            {
                sample.Offer(conversation);
            }
        }

        problems.ThrowIfAny();
        return sample.Count > 0
            ? new Dataset(sample.Take(), sample.Count, format!.Value, reader!.LeftOut)
            : throw new InvalidInputException(new Problem(
                "entries", "no prompt", "at least one prompt whose output has a length, from the dataset or from the workload", path));
    }

    private static InvalidInputException Unknown(JsonElement entry, string path, int line)
    {
        string found = entry.ValueKind == JsonValueKind.Object
            ? $"an object with {string.Join(", ", entry.EnumerateObject().Select(member => member.Name))}"
            : entry.ValueKind.ToString();
        return new InvalidInputException(new Problem("entry", found, Formats, path, line));
    }

    private static JsonDocument? Parse(JsonEntry entry)
    {
        try
        {
            return JsonDocument.Parse(entry.Utf8);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static T Reading<T>(string path, Func<Stream, T> read)
    {
        try
        {
            using Stream stream = TraceText.OpenBytes(path);
            return read(stream);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new InvalidInputException(new Problem("file", exception.Message, "a readable file", path));
        }
    }
}

/// <summary>What a schedule takes from a dataset.</summary>
/// <param name="Conversations">The conversations in the order in which they are taken, at least one.</param>
/// <param name="Count">Number of conversations of the whole file.</param>
/// <param name="Format">Format of the file.</param>
/// <param name="LeftOut">
/// Number of conversations that were left out, since nothing in them asks for an answer, or nothing tells how long the answer is.
/// </param>
internal sealed record Dataset(IReadOnlyList<Conversation> Conversations, long Count, DatasetFormat Format, long LeftOut);
