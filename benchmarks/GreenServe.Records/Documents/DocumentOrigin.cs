namespace GreenServe.Records.Documents;

/// <summary>Where a value of a document was written.</summary>
/// <param name="File">The file or option, as shown to the user; <c>null</c> for a value made by the program.</param>
/// <param name="Line">Line in the file, counted from 1; <c>null</c> where there is none.</param>
public readonly record struct DocumentOrigin(string? File, int? Line = null);
