using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Workloads.Catalogs;

/// <summary>Binds a document when some of its problems are already known.</summary>
internal static class Bindings
{
    /// <summary>The record, or all problems: those found before and those of binding.</summary>
    /// <exception cref="InvalidInputException">There is any problem.</exception>
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
