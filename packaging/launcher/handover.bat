@echo off
rem Starts Handover from its build folder, without Maven.
rem HANDOVER_JAVA_HOME or JAVA_HOME names another JDK; HANDOVER_JAVA_OPTS gives it more flags.
setlocal
for %%d in ("%~dp0..") do set "HOME_DIR=%%~fd"

set "JDK="
call :try "%HANDOVER_JAVA_HOME%"
if not defined JDK call :try "%JAVA_HOME%"
if not defined JDK call :try "@JAVA_HOME@"
if not defined JDK (
    echo handover: needs a JDK @JAVA_MAJOR@ or newer; install one and set HANDOVER_JAVA_HOME to its folder 1>&2
    exit /b 1
)

rem What the build's training run has loaded, linked and profiled makes the window come up twice as fast. The commands
rem keep what their first run has linked. The window alone needs no module that nothing requires: the demo's servers.
set "ARCHIVE=-XX:SharedArchiveFile=%HOME_DIR%\cache\commands.jsa"
set "MODULES=-XX:+AutoCreateSharedArchive --add-modules=@ADD_MODULES@"
if "%~1"=="" set "ARCHIVE=-XX:AOTCache=%HOME_DIR%\cache\window.aot"
if "%~1"=="" set "MODULES="
if "%~1"=="demo" set "ARCHIVE=-XX:AOTCache=%HOME_DIR%\cache\window.aot"
if "%~1"=="demo" set "MODULES=--add-modules=@ADD_MODULES@"

set OPTIONS="@%HOME_DIR%\bin\commands.options"
if "%~1"=="" set "OPTIONS="
if "%~1"=="demo" set "OPTIONS="
if not exist "%HOME_DIR%\bin\commands.options" set "OPTIONS="

rem Java takes the commands' archive for valid after the folder was moved or copied, and then fails on the classes in it
set "WAS=nowhere"
if exist "%HOME_DIR%\cache\folder" set /p WAS=<"%HOME_DIR%\cache\folder"
set "WAS=%WAS:"=%"
if "%WAS%"=="%HOME_DIR%" goto :start
del /q "%HOME_DIR%\cache\commands.jsa" 2>nul
>"%HOME_DIR%\cache\folder" echo "%HOME_DIR%"

:start
"%JDK%\bin\java.exe" ^
@JVM_FLAGS@
    "%ARCHIVE%" %MODULES% %OPTIONS% ^
    "-Dhandover.home=%HOME_DIR%" ^
    %HANDOVER_JAVA_OPTS% ^
    --module-path "%HOME_DIR%\lib" ^
    --module @MAIN@ %*
exit /b %ERRORLEVEL%

rem Takes the folder %1 if a JDK @JAVA_MAJOR@ or newer is there
:try
set "MAJOR=0"
if "%~1"=="" exit /b 0
if not exist "%~1\bin\java.exe" exit /b 0
if not exist "%~1\release" exit /b 0
for /f "tokens=2 delims==." %%v in ('findstr /b "JAVA_VERSION=" "%~1\release"') do set "MAJOR=%%v"
set "MAJOR=%MAJOR:"=%"
if %MAJOR% GEQ @JAVA_MAJOR@ set "JDK=%~1"
exit /b 0
