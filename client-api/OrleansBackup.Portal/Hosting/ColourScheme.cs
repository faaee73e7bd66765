namespace OrleansBackup.Portal.Hosting;

/// <summary>Light or dark; or as the reader's system has it.</summary>
public enum ColourScheme
{
    AsSystem = 0,
    Light = 1,
    Dark = 2,
}

/// <summary>How the choice is kept.</summary>
public static class ColourSchemes
{
    public const string Cookie = "ob-colours";

    public static string Token(this ColourScheme colours) => colours switch
    {
        ColourScheme.Light => "light",
        ColourScheme.Dark => "dark",
        _ => "system",
    };

    public static ColourScheme Parse(string? token) => token switch
    {
        "light" => ColourScheme.Light,
        "dark" => ColourScheme.Dark,
        _ => ColourScheme.AsSystem,
    };
}
