namespace OrleansBackup.Portal.Components;

/// <summary>How something stands, as far as colour and sign go. Each has a sign of its own: colour alone says nothing to many.</summary>
public enum StatusLevel
{
    /// <summary>Nothing to say: not protected, not yet, not known.</summary>
    None = 0,
    Good = 1,

    /// <summary>Good, with something to know.</summary>
    Notice = 2,

    /// <summary>Somebody should look.</summary>
    Warning = 3,

    /// <summary>Somebody must act.</summary>
    Bad = 4,

    /// <summary>Under way.</summary>
    Running = 5,
}

internal static class StatusLevels
{
    /// <summary>The end of the class name in the style sheet, and the name of the sign.</summary>
    public static string Token(this StatusLevel level) => level switch
    {
        StatusLevel.Good => "good",
        StatusLevel.Notice => "notice",
        StatusLevel.Warning => "warning",
        StatusLevel.Bad => "bad",
        StatusLevel.Running => "running",
        _ => "none",
    };
}
