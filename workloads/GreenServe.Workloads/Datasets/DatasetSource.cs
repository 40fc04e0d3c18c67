using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Requests;

namespace GreenServe.Workloads.Datasets;

/// <summary>The dataset that the prompts of a workload come from.</summary>
public sealed record DatasetSource : IChecked
{
    /// <summary>Length of a prompt of verse where none is stated (tokens): that of vLLM's benchmark.</summary>
    private const int SonnetPromptTokens = 550;

    /// <summary>Length of the equal beginning of prompts of verse where none is stated (tokens): that of vLLM's benchmark.</summary>
    private const int SonnetSharedTokens = 200;

    /// <summary>
    /// Path of the dataset, relative to the folder of the workload file; <c>null</c> only where <see cref="Format"/> needs no file.
    /// </summary>
    public string? File { get; init; }

    /// <summary>Format of the file. With automatic it is recognized by the first entry.</summary>
    /// <value>Default <see cref="DatasetFormat.Automatic"/>.</value>
    public DatasetFormat Format { get; init; } = DatasetFormat.Automatic;

    /// <summary>The order in which conversations are taken.</summary>
    /// <value>Default <see cref="DatasetOrder.Shuffled"/>.</value>
    public DatasetOrder Order { get; init; } = DatasetOrder.Shuffled;

    /// <summary>SHA-256 that the file must have, in hexadecimal; <c>null</c> accepts any.</summary>
    public string? Sha256 { get; init; }

    /// <summary>
    /// Path of the model's tokenizer (<c>tokenizer.json</c> or <c>tokenizer.model</c>), relative to the folder of the workload file. It
    /// counts the tokens of the texts; <c>null</c> estimates them at four bytes a token.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Tokenizer { get; init; }

    /// <summary>Length of a prompt of verse, estimated at four letters a token. Only with the format sonnet.</summary>
    /// <value>From 1 to <see cref="RequestLimits.MaxTokens"/>; <c>null</c> for 550 tokens.</value>
    [Range(1, RequestLimits.MaxTokens)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? PromptTokens { get; init; }

    /// <summary>Length of the beginning that all prompts of verse share, estimated likewise. Only with the format sonnet.</summary>
    /// <value>From 0 to <see cref="RequestLimits.MaxTokens"/>; <c>null</c> for 200 tokens, or less where the prompt is shorter.</value>
    [Range(0, RequestLimits.MaxTokens)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? SharedTokens { get; init; }

    /// <summary>How messages call the dataset: the name of its file, or its format.</summary>
    internal string ShownName => File is { } file ? Path.GetFileName(file) : EnumText.Of(Format);

    /// <summary>The length of a prompt of verse (tokens).</summary>
    internal int VersePromptTokens => PromptTokens ?? SonnetPromptTokens;

    /// <summary>The length of the equal beginning of prompts of verse (tokens), at most that of a prompt.</summary>
    internal int VerseSharedTokens => Math.Min(SharedTokens ?? SonnetSharedTokens, VersePromptTokens);

    /// <inheritdoc />
    public IEnumerable<Problem> Check()
    {
        bool isGenerated = Format == DatasetFormat.Sonnet;
        if (isGenerated != File is null)
        {
            yield return new Problem(
                "$.file", File, isGenerated ? "no file: prompts of the format sonnet are generated" : "the path of a dataset");
        }

        if (!isGenerated && (PromptTokens is not null || SharedTokens is not null))
        {
            string member = PromptTokens is not null ? "$.prompt_tokens" : "$.shared_tokens";
            yield return new Problem(member, PromptTokens ?? SharedTokens, "it with the format sonnet only");
        }

        if (SharedTokens > VersePromptTokens)
        {
            yield return new Problem("$.shared_tokens", SharedTokens, $"at most prompt_tokens ({VersePromptTokens})");
        }

        if (Sha256 is not null && !(Sha256.Length == 64 && Sha256.All(char.IsAsciiHexDigit)))
        {
            yield return new Problem("$.sha256", $"'{Sha256}'", "64 hexadecimal digits");
        }
    }
}
