using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Workloads.Catalogs;

/// <summary>Binds a document of which some problems are already known.</summary>
internal static class Bindings
{
    /// <summary>Binds the document if there are no known problems and binding finds none.</summary>
    /// <exception cref="InvalidInputException">There are problems: those known before and those that binding found.</exception>
    internal static T Bind<T>(DocumentTree tree, List<Problem> problems)
    {
        T value;
        try
        {
            value = tree.Bind<T>();
        }
        catch (InvalidInputException exception)
        {
            throw new InvalidInputException(problems.Concat(exception.Problems));
        }

        return problems.Count == 0 ? value : throw new InvalidInputException(problems);
    }
}
