using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Analysis.Claims;

/// <summary>A file of claims: <c>claims/*.yaml</c>.</summary>
internal sealed record ClaimFile
{
    /// <summary>The claims of the file.</summary>
    public required IReadOnlyList<Claim> Claims { get; init; }

    /// <summary>Reads every claim file of a folder, in ordinal order of names.</summary>
    /// <exception cref="InvalidInputException">The folder is missing, a file is wrong, or an id stands twice.</exception>
    public static IReadOnlyList<Claim> ReadAll(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new InvalidInputException(new Problem("claims", null, "a folder with claim files (*.yaml)", folder));
        }

        List<Claim> claims = [];
        List<Problem> problems = [];
        Dictionary<string, string> seen = [];
        foreach (string path in Directory.GetFiles(folder, "*.yaml").Order(StringComparer.Ordinal))
        {
            try
            {
                DocumentTree document = DocumentTree.Read(path);
                IReadOnlyList<Claim> read = document.Bind<ClaimFile>().Claims;
                foreach ((int index, Claim claim) in read.Index())
                {
                    if (!seen.TryAdd(claim.Id, path))
                    {
                        string place = $"$.claims[{index}].id";
                        string allowed = $"an id of its own ({seen[claim.Id]} has it already)";
                        problems.Add(new Problem(place, claim.Id, allowed, path, document.LineOf(place)));
                    }
                }

                claims.AddRange(read);
            }
            catch (InvalidInputException exception)
            {
                problems.AddRange(exception.Problems);
            }
        }

        return problems.Count == 0 ? claims : throw new InvalidInputException(problems);
    }
}
