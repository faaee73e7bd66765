namespace OrleansBackup.Domain.Schedule;

/// <summary>How a protected resource stands against the moments at which its daily runs were to start.</summary>
public enum BackupStanding
{
    /// <summary>It has a good backup of its latest moment.</summary>
    Healthy = 1,

    /// <summary>Not yet: its latest moment has passed, and the one before was good or did not concern it.</summary>
    Late = 2,

    /// <summary>It has had no good backup since its last moment but one: a whole day is missing.</summary>
    Overdue = 3,
}
