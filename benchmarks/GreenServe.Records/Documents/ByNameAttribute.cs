namespace GreenServe.Records.Documents;

/// <summary>
/// The property's value may stand in a file as a name or a path, which its reader replaces by the named document before it
/// binds. The schema allows both forms.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ByNameAttribute : Attribute;
