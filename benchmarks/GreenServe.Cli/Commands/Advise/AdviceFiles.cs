using GreenServe.Analysis.Advising;
using GreenServe.Analysis.Advising.Pages;
using GreenServe.Search.Advising.Deployments;

namespace GreenServe.Cli.Commands.Advise;

/// <summary>
/// The files of an advice: the document, its page with tables and figures, and the experiment that measures the finalists.
/// </summary>
internal static class AdviceFiles
{
    /// <summary>Name of the page.</summary>
    internal const string PageName = AdvicePage.FileName;

    /// <summary>Writes the files.</summary>
    /// <param name="document">The advice.</param>
    /// <param name="folder">The folder, which exists.</param>
    /// <param name="workloadFolder">Folder that relative paths in the workload start from; <c>null</c> for the current one.</param>
    /// <param name="json">A further file for the document; <c>null</c> for none.</param>
    internal static void Write(AdviceDocument document, string folder, string? workloadFolder, string? json)
    {
        document.Write(Path.Combine(folder, AdviceDocument.FileName));
        AdvicePage.Write(document, folder);
        if (document.Finalists.Count > 0)
        {
            FinalistExperiment.Write(document, folder, workloadFolder);
        }

        if (json is not null)
        {
            document.Write(json);
        }
    }
}
