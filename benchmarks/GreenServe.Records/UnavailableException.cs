namespace GreenServe.Records;

/// <summary>This machine cannot do what was asked because a library, a device or a permission is missing. Exit code 3.</summary>
/// <param name="message">What is missing and how to mend it.</param>
public sealed class UnavailableException(string message) : Exception(message);
