using GreenServe.Records.Http;

namespace GreenServe.Records;

/// <summary>This machine cannot do what was asked because a library, a device or a permission is missing. Exit code 3.</summary>
/// <param name="message">
/// What is missing and how to mend it. User names, passwords and queries of addresses in it are hidden.
/// </param>
public sealed class UnavailableException(string message) : Exception(HttpAddress.Masked(message));
