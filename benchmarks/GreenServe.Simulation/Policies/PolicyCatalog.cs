using System.Text.Json.Nodes;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Simulation.Catalogs;

namespace GreenServe.Simulation.Policies;

/// <summary>The control policies that the suite comes with.</summary>
public static class PolicyCatalog
{
    private static readonly EmbeddedCatalog<PolicyDefinition> Entries = new("policies", "policy", policy => [policy.Name]);

    /// <summary>The name of every policy, in ordinal order.</summary>
    public static IReadOnlyList<string> Names => Entries.Names;

    /// <summary>Every policy, in ordinal order of the names.</summary>
    public static IReadOnlyList<PolicyDefinition> All => Entries.All;

    /// <summary>Finds a policy by its name, or reads it from a file.</summary>
    /// <param name="nameOrPath">The name, in any case, or the path of a <c>.yaml</c> file.</param>
    /// <exception cref="InvalidInputException">There is no such policy, or its file is not valid.</exception>
    public static PolicyDefinition Find(string nameOrPath) => Entries.Find(nameOrPath);

    /// <summary>Finds a policy by its name or its file, with other values of its parameters.</summary>
    /// <param name="nameOrPath">The name, in any case, or the path of a <c>.yaml</c> file.</param>
    /// <param name="changes">Values in place of those of the policy, as a mapping like its file; <c>null</c> for none.</param>
    /// <exception cref="InvalidInputException">There is no such policy, or it is not valid with the changes.</exception>
    public static PolicyDefinition Find(string nameOrPath, JsonNode? changes)
    {
        PolicyDefinition found = Find(nameOrPath);
        return changes is null
            ? found
            : DocumentTree.Of(DocumentContract.ToNode(found), nameOrPath)
                .WithAll(changes, new DocumentOrigin("policy_changes")).Bind<PolicyDefinition>();
    }
}
