using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Systems;
using GreenServe.Workloads.Models;

namespace GreenServe.Search.Advising.Deployments;

/// <summary>The model of a setting as a server knows it.</summary>
/// <param name="Name">Name of the model in the setting.</param>
/// <param name="Repository">
/// Repository of the model on Hugging Face; <c>null</c> where the catalogue knows none.
/// </param>
/// <param name="ContextTokens">Longest context of the model (tokens); <c>null</c> where the model is not known.</param>
internal sealed record DeployedModel(string Name, string? Repository, int? ContextTokens)
{
    /// <summary>The model with a name, or in a file.</summary>
    internal static DeployedModel Of(string nameOrPath, string? folder)
    {
        try
        {
            ModelDefinition model = ModelCatalog.Read(nameOrPath, folder);
            return new DeployedModel(model.Name, model.Aliases.FirstOrDefault(IsRepository), model.ContextTokens);
        }
        catch (InvalidInputException)
        {
            return new DeployedModel(nameOrPath, IsRepository(nameOrPath) ? nameOrPath : null, null);
        }
    }

    /// <summary>
    /// The model with weights in a number format that no option of the server makes: which checkpoint has them is not known.
    /// </summary>
    internal DeployedModel In(Precision precision) => this with { Name = $"{Name} in {EnumText.Of(precision)}", Repository = null };

    /// <summary>The line that gives the model to the commands after it.</summary>
    /// <param name="isFile">Whether the server takes a file of weights and no repository.</param>
    internal string Assignment(bool isFile)
    {
        string wanted = isFile ? "the GGUF file" : "the Hugging Face repository or the folder";
        return isFile || Repository is null
            ? $"MODEL=\"${{MODEL:?{ForMessage($"set it to {wanted} of {Name}")}}}\""
            : $"MODEL={ShellText.Word(Repository)}";
    }

    /// <summary>What a reader must know of the model's name.</summary>
    internal string Note => Repository is null
        ? $"GreenServe does not know where the weights of {Name} are: set MODEL to them."
        : $"MODEL is the first name of {Name} on Hugging Face that GreenServe knows: set it to the checkpoint that you serve.";

    // owner/name, with nothing that a path on this machine would have.
    private static bool IsRepository(string name) => name.Split('/') is [{ Length: > 0 } owner, { Length: > 0 } repository]
        && !name.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase) && owner[0] is not ('.' or '~')
        && (owner + repository).All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_');

    /// <summary>A text inside of <c>${NAME:?…}</c>, where quotes, braces and dollars would have a meaning.</summary>
    private static string ForMessage(string text) =>
        string.Concat(text.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is ' ' or '.' or '-' or '_' or '/' ? letter : '_'));
}
